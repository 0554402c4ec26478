#include "syntax/tree.h"

#include "syntax/operators.h"

namespace lexum {

std::string_view spelling(Operator op) { return kOperators[static_cast<size_t>(op)].spelling; }

}  // namespace lexum
