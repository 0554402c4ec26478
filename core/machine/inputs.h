// From what somebody types to what a world takes: the texts behind `--set` and `--send`, and the
// lines of an input file, each read against a checked program.
//
// Nothing is guessed and nothing is half read. What is wrong comes back as one line that says what
// it is, where in the text, and the way out: the nearest name, or what there is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/world.h"

namespace lexum {

// `D.field=VALUE` or `D[7].field=VALUE`. VALUE is read by the field's type: where a string is
// wanted, whatever does not begin with a quote is the string itself; all else is a literal as
// programs have it, `[1, 2]`, `{"a": 1}` or `Task(id: 1)`.
Result<StartValue> read_setting(const Program& program, std::string_view text);

// `D[7] M(a: 1)` for a message, `Event::E(a: 1)` for a broadcast; the arguments are literals.
Result<InputImage> read_message(const Program& program, std::string_view text);

// {"to": "D[7]", "message": "M", "args": {"a": 1}} or {"broadcast": "E", "args": {}}; or what an
// operator does: {"revive": "D[7]", "how": "retry"} (or "drop", or "rollback"), {"redeliver": 3},
// which is the number of a dead letter, and {"set": "D[7].field=VALUE"}. Each may have an "at" with
// the tick before which it does not arrive. JSON objects are maps and records, the latter without
// the fields that keep their declared value.
Result<InputImage> read_input_line(const Program& program, std::string_view line);

// A value of JSON by its type; `what` names it in complaints.
Result<Value> read_json_value(const Program& program, TypeId type, std::string_view json,
                              const std::string& what);

// Either of the two: a line of JSON begins with a brace.
Result<InputImage> read_any(const Program& program, std::string_view line);

// `value` such that read_setting() reads it back from behind the `=`, with as few quotes as that
// takes.
std::string setting_text(const Program& program, const Value& value);

}  // namespace lexum
