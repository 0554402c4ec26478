// Does what came from a file make sense for a program? A world must not have to ask.
#pragma once

#include "check/program.h"
#include "runtime/image.h"
#include "runtime/world.h"

namespace lexum {

bool fits(const Value& value, TypeId type, const Program& program);
bool fits(const StartValue& start, const Program& program);
bool fits(const InputImage& input, const Program& program);
// Of all that is in it; instances that it only counts may stand elsewhere.
bool fits(const WorldImage& image, const Program& program);
// Whether all instances are there, by id, and its rest and its dead letters are of them. Requires
// one that fits.
bool is_whole(const WorldImage& image, const Program& program);

}  // namespace lexum
