// Compiled as a file of core/syntax: that room stands on core/base, so this builds.
#include "base/id.h"
