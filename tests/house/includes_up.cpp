// Compiled as a file of core/syntax: core/runtime is above that room, so this must not build.
#include "runtime/record.h"
