// Lessons inside of the prompt: each has a program of its own and a few tasks, and sees for itself
// when one of them is done.
#pragma once

#include "session/session.h"
#include "session/word.h"

namespace lexum {

size_t lesson_count();

// After something was typed and answered: where that was what the lesson waits for, says so, and
// what comes next.
void look_at_learner(Session& session, const Said& said, Reply& reply);

}  // namespace lexum
