// Annotations are few, so each is read by hand, and every mistake names the right way to write it.
#include "check/annotations.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace lexum {
namespace {

struct Level {
  std::string_view name;
  uint8_t priority;
};
constexpr Level kLevels[] = {
    {"critical", 255}, {"high", 192}, {"normal", 128}, {"low", 64}, {"background", 0}};

constexpr std::string_view kOfRoutines = "@priority(0..255 or a level)";
constexpr std::string_view kOfDomains = "@mailbox(n), @restart(n, within) or @restart(never)";

// Reports an annotation that has no meaning on `owner`.
void report_unknown(Context& context, const Annotation& annotation, std::string_view owner,
                    std::string_view known) {
  if (!annotation.name) return;
  static const std::array<std::string, 3> kAll = {"priority", "mailbox", "restart"};
  const bool elsewhere = std::ranges::count(kAll, context.text(annotation.name)) > 0;
  const std::string fits = "a " + std::string(owner) + " takes " + std::string(known);
  context.report(Code::kUnknownAnnotation, annotation.name.span,
                 "`@" + std::string(context.quoted(annotation.name)).substr(1) +
                     " means nothing on a " + std::string(owner),
                 elsewhere ? fits : context.did_you_mean(annotation.name, fits, kAll));
}

void report_bad(Context& context, const Annotation& annotation, std::string_view right) {
  context.report(Code::kBadAnnotation, annotation.span,
                 "the arguments of " + context.quoted(annotation.span) + " make no sense",
                 "write it " + std::string(right));
}

// Reports what stands there a second time.
bool is_repeated(Context& context, std::span<const Annotation> all, const Annotation& annotation) {
  for (const Annotation& earlier : all) {
    if (&earlier == &annotation) return false;
    if (!annotation.name || earlier.name.id != annotation.name.id) continue;
    context.report(Code::kBadAnnotation, annotation.span, "this annotation stands there twice",
                   "leave one of them");
    return true;
  }
  return false;
}

std::optional<uint8_t> priority(Context& context, const Annotation& annotation) {
  if (annotation.args.size() != 1) {
    report_bad(context, annotation, kOfRoutines);
    return std::nullopt;
  }
  const AnnotationArg& arg = annotation.args[0];
  return arg.is_int ? priority_of_number(context, arg.integer, annotation.span)
                    : priority_of_level(context, arg.name);
}

void read_mailbox(Context& context, const Annotation& annotation, Domain& domain) {
  if (annotation.args.size() != 1 || !annotation.args[0].is_int)
    return report_bad(context, annotation, "@mailbox(100)");
  const int64_t room = annotation.args[0].integer;
  if (room >= 1 && room <= UINT32_MAX) {
    domain.mailbox_max = static_cast<uint32_t>(room);
    return;
  }
  context.report(Code::kBadNumber, annotation.span,
                 "a mailbox holds at least one message, and at most 4294967295",
                 "leave the annotation out for 4096");
}

void read_restart(Context& context, const Annotation& annotation, Domain& domain) {
  const std::vector<AnnotationArg>& args = annotation.args;
  if (args.size() == 1 && !args[0].is_int && context.text(args[0].name) == "never") {
    domain.restart = {.times = 0};
  } else if (args.size() == 2 && args[0].is_int && args[1].is_int && args[0].integer >= 0 &&
             args[1].integer >= 1) {
    domain.restart = {.times = args[0].integer, .within = args[1].integer};
  } else {
    report_bad(context, annotation, "@restart(times, within) or @restart(never)");
  }
}

}  // namespace

std::optional<uint8_t> priority_of_level(Context& context, Name level) {
  if (!level) return std::nullopt;
  const auto found = std::ranges::find(kLevels, context.text(level), &Level::name);
  if (found != std::end(kLevels)) return found->priority;

  context.report(Code::kUnknownWord, level.span, "there is no level " + context.quoted(level),
                 context.did_you_mean(
                     level, "levels are critical, high, normal, low and background", kLevels));
  return std::nullopt;
}

std::optional<uint8_t> priority_of_number(Context& context, int64_t number, Span span) {
  if (number >= 0 && number <= 255) return static_cast<uint8_t>(number);
  context.report(
      Code::kBadPriority, span, "a priority is a number from 0 to 255",
      "255 is the most urgent, 128 is normal, 0 waits until nobody has anything else to do");
  return std::nullopt;
}

void annotate(Context& context, std::span<const Annotation> annotations, Routine& routine) {
  for (const Annotation& annotation : annotations) {
    if (context.text(annotation.name) != "priority") {
      report_unknown(context, annotation, "handler or transition", kOfRoutines);
    } else if (!is_repeated(context, annotations, annotation)) {
      const std::optional<uint8_t> value = priority(context, annotation);
      routine.has_priority = value.has_value();
      routine.priority = value.value_or(routine.priority);
    }
  }
}

void annotate(Context& context, std::span<const Annotation> annotations, Domain& domain) {
  for (const Annotation& annotation : annotations) {
    const std::string_view name = context.text(annotation.name);
    if (name != "mailbox" && name != "restart") {
      report_unknown(context, annotation, "domain", kOfDomains);
    } else if (is_repeated(context, annotations, annotation)) {
      continue;
    } else if (name == "mailbox") {
      read_mailbox(context, annotation, domain);
    } else {
      read_restart(context, annotation, domain);
    }
  }
}

}  // namespace lexum
