// The table itself.
#include "session/acts.h"

namespace lexum {

namespace {

using How = Argument::How;

constexpr Argument kField[] = {{"D.field", Takes::kField, How::kOne,
                                "Whose field; the field alone if only one domain has it"}};
constexpr Argument kRoutine[] = {{"D.Transition", Takes::kRoutine, How::kOne,
                                  "A transition or handler: D.Ship, D[7].Order, D.Event::Ready"}};
constexpr Argument kExpression[] = {
    {"EXPRESSION", Takes::kExpression, How::kRest,
     "Of Lexum, over the fields of one domain: Inventory[88].stock < 0"}};
constexpr Argument kMaybeInstance[] = {
    {"D[7]", Takes::kInstance, How::kMaybe, "An instance, or all of a domain; else everybody"}};

constexpr Argument kMaybeThing[] = {
    {"WHAT", Takes::kThing, How::kMaybe,
     "D.field, D.Goal, D.Transition, D[7], Infra.Create, or a position"}};

constexpr Argument kOther[] = {
    {"OTHER.lxtrace", Takes::kTrace, How::kOne, "The trace to compare with"}};

constexpr Argument kFromTo[] = {
    {"FROM", Takes::kPosition, How::kOne, "The earlier one: a cycle, or a message"},
    {"TO", Takes::kPosition, How::kOne, "The later one"}};
constexpr Argument kMessage[] = {
    {"MESSAGE", Takes::kSend, How::kOne, "By its sender and the number of that send: msg:Till#3"}};
constexpr Argument kPattern[] = {{"/PATTERN/", Takes::kPattern, How::kRest,
                                  "A regular expression; the slashes may be left out"}};

constexpr WordOption kFindOptions[] = {
    {"--back", "", Takes::kWord, "From the end, or from --at, backwards"},
};
constexpr WordOption kExportOptions[] = {
    {"--to", "FORMAT", Takes::kWord, "perfetto (unless said otherwise), dot or csv"},
    {"--from", "POS", Takes::kPosition, "Begin there"},
    {"--until", "POS", Takes::kPosition, "End there"},
};
constexpr WordOption kShrinkOptions[] = {
    {"--to", "FILE", Takes::kFile, "Where the smaller run is recorded"},
};
constexpr WordOption kForkOptions[] = {
    {"--drop", "MESSAGE", Takes::kSend, "A message that waits there never comes: msg:Order[7]#12"},
    {"--delay", "MESSAGE=TICKS", Takes::kSend, "It comes so many ticks later, from outside"},
    {"--dup", "MESSAGE", Takes::kSend, "It comes twice"},
    {"--swap", "MESSAGE", Takes::kSend, "It changes places with the one behind it"},
    {"--send", "MESSAGE", Takes::kMessage, "One more comes from outside: 'D[7] M(a: 1)'"},
    {"--set", "D.field=VALUE", Takes::kSetting, "A field is something else"},
    {"--program", "PROGRAM.lxm", Takes::kProgram,
     "The program is another one; what it knows by name and type is carried over"},
    {"--to", "FILE", Takes::kFile, "The fork's own trace"},
};

constexpr Word kWords[] = {
    {.name = "state",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show fields, goals and mailboxes at a moment",
     .story = "Of everybody, or of those that are named. A value that is very long is cut short; "
              "--json never is.",
     .example = "'Order[7]' --at 1042",
     .act = say_state},
    {.name = "goals",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show how the goals stand at a moment",
     .story =
         "A goal is satisfied, pursued (something can be done about it), waiting (nothing can) "
         "or abandoned.",
     .example = "--at 50%",
     .act = say_goals},
    {.name = "mailbox",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show which messages wait at a moment",
     .story = "The one that is taken next comes first. A message is called by who sent it and the "
              "number of that send; that is a position, too: the cycle in which it was sent.",
     .example = "'Inventory[88]' --at 12",
     .act = say_mailbox},
    {.name = "list",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Show what happened inside a cycle, statement by statement",
     .story =
         "The statements that were executed, in that order, each with what it did. Their numbers "
         "are positions: `state --at 1042:3` is what the third one found.",
     .example = "--at 1042",
     .act = say_list},
    {.name = "why",
     .aliases = {},
     .arguments = kMaybeThing,
     .options = {},
     .does = "Say what something followed from, back to where it began",
     .story = "Of a field: the write that made it what it is. Of a goal: what made it stand as it "
              "does. Of a transition, a handler, an instance or an effect: its last run. Of a "
              "position: what happened there. Without a name: what happened where the run failed, "
              "or at its end. Each line follows from the one below it.",
     .example = "app_status",
     .act = say_why},
    {.name = "whynot",
     .aliases = {},
     .arguments = kRoutine,
     .options = {},
     .does = "Say what holds a transition or handler back",
     .story = "As of the moment: what its instance would do in its next turn, and why not this. "
              "Where a guard is false, its false parts with the values they saw, and a field that "
              "would change it, if one alone does: it was tried. Where a message is missing, "
              "those who could have sent it are asked the same.",
     .example = "AppProvisioner.BootApp --at start",
     .act = say_whynot},
    {.name = "info",
     .aliases = {},
     .arguments = kMessage,
     .options = {},
     .does = "Say what became of a message",
     .story = "Who took it, and when; or that it still waits at the end, or was never taken. Of a "
              "broadcast, for each who heard it.",
     .example = "'msg:Order[7]#12'",
     .act = say_info},
    {.name = "last",
     .aliases = {},
     .arguments = kField,
     .options = {},
     .does = "Find the write that made a field what it is",
     .story = "The latest at or before the moment. Of D.field of a domain with keys, by whichever "
              "instance was the last.",
     .example = "app_status",
     .act = say_last},
    {.name = "next-write",
     .aliases = {},
     .arguments = kField,
     .options = {},
     .does = "Find the write that ends what a field is",
     .story = "The first one after the moment.",
     .example = "app_status --at start",
     .act = say_next_write},
    {.name = "first",
     .aliases = {},
     .arguments = kExpression,
     .options = {},
     .does = "Find the first moment at which an expression holds",
     .story = "The expression is one of Lexum and sees what an invariant of its domain would: the "
              "fields, the key as self.NAME, and the functions of the program. With --at it is "
              "looked for from there on, else from the start.",
     .example = "'Inventory[88].stock < 0'",
     .act = say_first},
    {.name = "all",
     .aliases = {},
     .arguments = kExpression,
     .options = {},
     .does = "Find every moment at which an expression comes to hold",
     .story =
         "Each time that it did not hold before and holds now, for each instance by itself. See "
         "`first`.",
     .example = "'app_status == \"running\"'",
     .act = say_all},
    {.name = "hits",
     .aliases = {},
     .arguments = kRoutine,
     .options = {},
     .does = "List the cycles that ran a transition or handler",
     .story = "From the start, or with --at from there on.",
     .example = "BootApp",
     .act = say_hits},
    {.name = "path",
     .aliases = {},
     .arguments = kFromTo,
     .options = {},
     .does = "Show how one cycle led to another",
     .story = "The shortest way from the earlier one to the later one: through messages, goals and "
              "slices, and through the state that a cycle of an instance leaves to its next one.",
     .example = "12 fault:1",
     .act = say_path},
    {.name = "find",
     .aliases = {},
     .arguments = kPattern,
     .options = kFindOptions,
     .does = "Find text in messages, logs, values and faults",
     .story =
         "The pattern is a regular expression of RE2. Each hit is a moment, what it was, whose, "
         "and the text. From the start, or with --at from there on.",
     .example = "'/out of stock/'",
     .act = say_find},
    {.name = "export",
     .aliases = {},
     .arguments = {},
     .options = kExportOptions,
     .does = "Write a run for Perfetto, Graphviz or a table",
     .story =
         "To standard output. perfetto: JSON for ui.perfetto.dev, instances as tracks, messages "
         "as arrows, a cycle a microsecond. dot: who told whom, as a graph. csv: a row for each "
         "cycle.",
     .example = "--to perfetto > run.json",
     .act = say_export},
    {.name = "bisect",
     .aliases = {},
     .arguments = kExpression,
     .options = {},
     .does = "Find the cycle from which on an expression holds, by halves",
     .story = "For what stays so once it is so: looks at a few moments instead of all. Between the "
              "start, or --at, and the end. `first` goes through everything.",
     .example = "'Inventory[88].stock < 0'",
     .act = say_bisect},
    {.name = "fork",
     .aliases = {},
     .arguments = {},
     .options = kForkOptions,
     .does = "Go on otherwise from some cycle, into a trace of its own",
     .story =
         "The run up to the end of the tick of that cycle, then the changes, then what comes of "
         "them: with the outside inputs that the run got later, and simulated effects. With a "
         "message and without --at it begins where the message was sent. Cycles keep their "
         "numbers, so positions mean the same in both.",
     .example = "--drop 'msg:Till#3' --to without.lxtrace",
     .act = say_fork},
    {.name = "diff",
     .aliases = {},
     .arguments = kOther,
     .options = {},
     .does = "Compare two runs: where they part, what differs, where they meet",
     .story = "A fork is compared with its parent from where it begins. Messages are the same in "
              "both if they were sent by the same slice for the same cause, whatever their "
              "numbers. Exit status: 0 the same, 1 different, 2 could not be compared.",
     .example = "without.lxtrace",
     .act = say_diff,
     .compares = true},
    {.name = "shrink",
     .aliases = {},
     .arguments = {},
     .options = kShrinkOptions,
     .does = "Find the fewest inputs and messages with which it still fails",
     .story =
         "In the same way: the same fault in the same place, or the same goal unsatisfied. The "
         "smaller run is recorded; of its messages, those are named without which it would "
         "not fail. Nothing more can be left out by itself.",
     .example = "--to small.lxtrace",
     .act = say_shrink},
};

}  // namespace

std::span<const Word> all_words() { return kWords; }

}  // namespace lexum
