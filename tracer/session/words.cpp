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
    {"EXPRESSION", Takes::kCondition, How::kRest,
     "Of Lexum, over the fields of one domain: Inventory[88].stock < 0"}};
constexpr Argument kMaybeInstance[] = {
    {"D[7]", Takes::kInstance, How::kMaybe, "An instance, or all of a domain; else everybody"}};

constexpr Argument kMaybeThing[] = {
    {"WHAT", Takes::kThing, How::kMaybe,
     "D.field, D.Goal, D.Transition, D[7], Infra.Create, or a position"}};

constexpr Argument kOther[] = {
    {"OTHER.lxtrace", Takes::kTrace, How::kOne, "What to compare with: a trace, or a branch"},
    {"AND", Takes::kTrace, How::kMaybe, "With two of them, these are compared"}};
constexpr Argument kBranchName[] = {
    {"NAME", Takes::kWord, How::kMaybe, "What the branch is called at the prompt"}};
constexpr Argument kBranch[] = {{"NAME", Takes::kBranch, How::kOne, "main, or how it was called"}};
constexpr Argument kTimes[] = {{"N", Takes::kNumber, How::kMaybe, "How often; once otherwise"}};
constexpr Argument kWhichMessage[] = {
    {"N", Takes::kNumber, How::kMaybe, "Which one of those that it has sent; the first otherwise"}};
constexpr Argument kSoMany[] = {{"N", Takes::kNumber, How::kMaybe, "How many"}};
constexpr Argument kPosition[] = {{"POS", Takes::kPosition, How::kOne,
                                   "1042, 1042:3, start, end, 50%, fault:1, msg:Order[7]#12"}};
constexpr Argument kBreak[] = {{"D.Transition [if EXPRESSION]", Takes::kRoutine, How::kRest,
                                "Which one, and what has to hold for whoever runs it"}};
constexpr Argument kWatch[] = {{"D.field [if EXPRESSION]", Takes::kField, How::kRest,
                                "Which one, and what has to hold for its instance then"}};
constexpr Argument kCatch[] = {{"WHAT", Takes::kWord, How::kOne,
                                "fault, goal (a change of any), send, effect, or oscillation"}};
constexpr Argument kStop[] = {
    {"NUMBER", Takes::kNumber, How::kMaybe, "Which one; all of them otherwise"}};
constexpr Argument kWaits[] = {
    {"MESSAGE", Takes::kSend, How::kOne, "One that waits somewhere: msg:Order[7]#12"}};
constexpr Argument kWaitsTicks[] = {
    {"MESSAGE", Takes::kSend, How::kOne, "One that waits somewhere: msg:Order[7]#12"},
    {"TICKS", Takes::kNumber, How::kMaybe, "By how many; by one otherwise"}};
constexpr Argument kSetting[] = {
    {"D.field=VALUE", Takes::kSetting, How::kRest, "Which field of whom, and what it is to be"}};
constexpr Argument kTold[] = {
    {"MESSAGE", Takes::kMessage, How::kRest, "To whom, which and with what: D[7] M(a: 1)"}};
constexpr Argument kLesson[] = {
    {"LESSON", Takes::kNumber, How::kMaybe, "Which one; the next task otherwise"}};
constexpr Argument kOneInstance[] = {
    {"D[7]", Takes::kInstance, How::kOne, "An instance, or all of a domain"}};
constexpr Argument kRevived[] = {
    {"D[7]", Takes::kInstance, How::kOne, "An instance, or all of a domain"},
    {"drop", Takes::kWord, How::kMaybe, "Without the message at the head of its mailbox"}};
constexpr Argument kMarkName[] = {
    {"NAME", Takes::kWord, How::kMaybe, "What it is called; the next number otherwise"}};
constexpr Argument kSaved[] = {{"FILE", Takes::kFile, How::kOne, "run.lxtrace, or program.lxm"}};
constexpr Argument kDefinition[] = {
    {"DEFINITION", Takes::kExpression, How::kRest, "As a program has it"}};
constexpr Argument kStatement[] = {
    {"STATEMENT", Takes::kExpression, How::kRest, "As a transition has it"}};
constexpr Argument kProgramFile[] = {
    {"PROGRAM.lxm", Takes::kProgram, How::kOne, "What it knows by name and type is carried over"}};
constexpr Argument kMaybeWord[] = {{"WORD", Takes::kWordName, How::kMaybe, "What about"}};
constexpr Argument kExpressionOfAny[] = {
    {"EXPRESSION", Takes::kExpression, How::kRest,
     "Of Lexum, over the fields of one domain: Inventory[88].stock * 2"}};

constexpr std::string_view kS[] = {"s"};
constexpr std::string_view kSi[] = {"si"};
constexpr std::string_view kN[] = {"n"};
constexpr std::string_view kRn[] = {"rn"};
constexpr std::string_view kC[] = {"c"};
constexpr std::string_view kB[] = {"b"};
constexpr std::string_view kP[] = {"p"};
constexpr std::string_view kI[] = {"i"};
constexpr std::string_view kQ[] = {"q", "exit"};
constexpr std::string_view kRs[] = {"rs", "back"};
constexpr std::string_view kRsi[] = {"rsi"};
constexpr std::string_view kRc[] = {"rc"};
constexpr std::string_view kInject[] = {"inject"};

constexpr Argument kFromTo[] = {
    {"FROM", Takes::kPosition, How::kOne, "The earlier one: a cycle, or a message"},
    {"TO", Takes::kPosition, How::kOne, "The later one"}};
constexpr Argument kMessage[] = {{"MESSAGE", Takes::kSend, How::kOne,
                                  "By its sender and the number of that send: msg:Till#3; at the "
                                  "prompt also stops, branches or snapshots"}};
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
    {"--crash", "D[7]", Takes::kInstance, "It is FAULTED"},
    {"--revive", "D[7][=drop]", Takes::kInstance,
     "One that is FAULTED takes work again; =drop: without the message at its head"},
    {"--program", "PROGRAM.lxm", Takes::kProgram,
     "The program is another one; what it knows by name and type is carried over"},
    {"--to", "FILE", Takes::kFile, "The fork's own trace"},
};

constexpr Word kWords[] = {
    {.name = "run",
     .aliases = {},
     .arguments = kSoMany,
     .options = {},
     .does = "Go on so many cycles, or to the end, or to what stops it",
     .story = "A run that is over is gone through as it is recorded; one that is not goes on, and "
              "is recorded.",
     .example = "",
     .act = do_run,
     .at_prompt = true},
    {.name = "step",
     .aliases = kS,
     .arguments = kTimes,
     .options = {},
     .does = "Go on by a cycle",
     .story = "A cycle is one slice of one transition or handler, with all that it changed.",
     .example = "3",
     .act = do_step,
     .at_prompt = true},
    {.name = "stepi",
     .aliases = kSi,
     .arguments = kTimes,
     .options = {},
     .does = "Go on by a statement",
     .story = "Into the next cycle, and through it. The state is what the next statement finds.",
     .example = "",
     .act = do_stepi,
     .at_prompt = true},
    {.name = "next-tick",
     .aliases = kN,
     .arguments = kTimes,
     .options = {},
     .does = "Go on to the end of the next tick",
     .story = "In a tick everybody who is ready has a turn.",
     .example = "",
     .act = do_next_tick,
     .at_prompt = true},
    {.name = "continue",
     .aliases = kC,
     .arguments = {},
     .options = {},
     .does = "Go on to where something stops",
     .story = "To the nearest breakpoint, watchpoint or catchpoint, or to the end. They are looked "
              "up, so it makes no difference how far that is.",
     .example = "",
     .act = do_continue,
     .at_prompt = true},
    {.name = "reverse-step",
     .aliases = kRs,
     .arguments = kTimes,
     .options = {},
     .does = "Go back by a cycle",
     .story = "The old values come back; nothing is run again.",
     .example = "3",
     .act = do_reverse_step,
     .at_prompt = true},
    {.name = "reverse-stepi",
     .aliases = kRsi,
     .arguments = kTimes,
     .options = {},
     .does = "Go back by a statement",
     .story = "See `stepi`.",
     .example = "",
     .act = do_reverse_stepi,
     .at_prompt = true},
    {.name = "reverse-continue",
     .aliases = kRc,
     .arguments = {},
     .options = {},
     .does = "Go back to where something stops",
     .story = "See `continue`. Who wrote a field last: `watch` it, then `reverse-continue`.",
     .example = "",
     .act = do_reverse_continue,
     .at_prompt = true},
    {.name = "reverse-next-tick",
     .aliases = kRn,
     .arguments = kTimes,
     .options = {},
     .does = "Go back to the end of the tick before",
     .story = "See `next-tick`.",
     .example = "",
     .act = do_reverse_next_tick,
     .at_prompt = true},
    {.name = "hop",
     .aliases = {},
     .arguments = kWhichMessage,
     .options = {},
     .does = "Go on along a message, to the cycle that took it",
     .story = "Of those that the cycle has sent: the first one that was taken.",
     .example = "",
     .act = do_hop,
     .at_prompt = true},
    {.name = "reverse-hop",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Go back along a message, to the cycle that sent it",
     .story = "It is the one that the cycle has taken.",
     .example = "",
     .act = do_reverse_hop,
     .at_prompt = true},
    {.name = "until",
     .aliases = {},
     .arguments = kExpression,
     .options = {},
     .does = "Go on to where an expression comes to hold",
     .story = "See `first`, which only says where that is.",
     .example = "Inventory[88].stock < 0",
     .act = do_until,
     .at_prompt = true},
    {.name = "finish",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Go on to where the transition is over",
     .story = "Of whoever ran last: through its slices that are still to come.",
     .example = "",
     .act = do_finish,
     .at_prompt = true},
    {.name = "goto",
     .aliases = {},
     .arguments = kPosition,
     .options = {},
     .does = "Go to a position",
     .story =
         "Whatever is printed as a position can be typed as one. In another branch: night/1042.",
     .example = "fault:1",
     .act = do_goto,
     .at_prompt = true},
    {.name = "break",
     .aliases = kB,
     .arguments = kBreak,
     .options = {},
     .does = "Stop before a transition or handler runs",
     .story = "Before its first statement, so that its instance is as the transition finds it.",
     .example = "Till.Sell if sold > 3",
     .act = do_break,
     .at_prompt = true},
    {.name = "watch",
     .aliases = {},
     .arguments = kWatch,
     .options = {},
     .does = "Stop where a field was written",
     .story = "After the cycle that wrote it, or that brought it back.",
     .example = "app_status",
     .act = do_watch,
     .at_prompt = true},
    {.name = "catch",
     .aliases = {},
     .arguments = kCatch,
     .options = {},
     .does = "Stop at whatever is of a kind",
     .story = "After a cycle that faulted, changed how a goal stands, sent something or asked for "
              "an effect; or at the end of a run that goes round in a loop.",
     .example = "fault",
     .act = do_catch,
     .at_prompt = true},
    {.name = "delete",
     .aliases = {},
     .arguments = kStop,
     .options = {},
     .does = "Let something stop no more",
     .story = "`info stops` lists what does.",
     .example = "2",
     .act = do_delete,
     .at_prompt = true},
    {.name = "where",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Show where one stands",
     .story = "The cycle that ran last, and inside of it the next statement.",
     .example = "",
     .act = say_where,
     .at_prompt = true,
     .shows = true},
    {.name = "print",
     .aliases = kP,
     .arguments = kExpressionOfAny,
     .options = {},
     .does = "Show what an expression is worth",
     .story = "As of where one stands; of a domain with keys, for each of its instances. A line "
              "that begins with no word is printed, too.",
     .example = "Inventory[88].stock * 2",
     .act = say_print,
     .at_prompt = true,
     .shows = true},
    {.name = "tail",
     .aliases = {},
     .arguments = kSoMany,
     .options = {},
     .does = "Show the last cycles up to here",
     .story = "Ten of them, or as many as wanted, and what came between.",
     .example = "20",
     .act = say_tail,
     .at_prompt = true,
     .shows = true},
    {.name = "state",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show fields, goals and mailboxes at a moment",
     .story = "Of everybody, or of those that are named. A value that is very long is cut short; "
              "--json never is.",
     .example = "'Order[7]' --at 1042",
     .act = say_state,
     .shows = true},
    {.name = "goals",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show how the goals stand at a moment",
     .story =
         "A goal is satisfied, pursued (something can be done about it), waiting (nothing can) "
         "or abandoned.",
     .example = "--at 50%",
     .act = say_goals,
     .shows = true},
    {.name = "mailbox",
     .aliases = {},
     .arguments = kMaybeInstance,
     .options = {},
     .does = "Show which messages wait at a moment",
     .story = "The one that is taken next comes first. A message is called by who sent it and the "
              "number of that send; that is a position, too: the cycle in which it was sent.",
     .example = "'Inventory[88]' --at 12",
     .act = say_mailbox,
     .shows = true},
    {.name = "graph",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Show who sends what to whom, and how often that was up to here",
     .story = "Each send, broadcast and effect of the program, with the transition or handler that "
              "it stands in. What has not happened yet has no number.",
     .example = "",
     .act = say_graph,
     .at_prompt = true,
     .shows = true},
    {.name = "list",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Show what happened inside a cycle, statement by statement",
     .story =
         "The statements that were executed, in that order, each with what it did. Their numbers "
         "are positions: `state --at 1042:3` is what the third one found.",
     .example = "--at 1042",
     .act = say_list,
     .shows = true},
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
     .act = say_why,
     .shows = true},
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
     .act = say_whynot,
     .shows = true},
    {.name = "info",
     .aliases = kI,
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
     .act = say_last,
     .shows = true},
    {.name = "next-write",
     .aliases = {},
     .arguments = kField,
     .options = {},
     .does = "Find the write that ends what a field is",
     .story = "The first one after the moment.",
     .example = "app_status --at start",
     .act = say_next_write,
     .shows = true},
    {.name = "first",
     .aliases = {},
     .arguments = kExpression,
     .options = {},
     .does = "Find the first moment at which an expression holds",
     .story = "The expression is one of Lexum and sees what an invariant of its domain would: the "
              "fields, the key as self.NAME, and the functions of the program. With --at it is "
              "looked for from there on, else from the start.",
     .example = "'Inventory[88].stock < 0'",
     .act = say_first,
     .shows = true},
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
     .act = say_hits,
     .shows = true},
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
     .arguments = kBranchName,
     .options = kForkOptions,
     .does = "Go on otherwise from some cycle, into a trace of its own",
     .story =
         "The run up to the end of the tick of that cycle, then the changes, then what comes of "
         "them: with the outside inputs that the run got later, and simulated effects. With a "
         "message and without --at it begins where the message was sent. Cycles keep their "
         "numbers, so positions mean the same in both.",
     .example = "--drop 'msg:Till#3' --to without.lxtrace",
     .act = say_fork},
    {.name = "drop",
     .aliases = {},
     .arguments = kWaits,
     .options = {},
     .does = "Go on without a message that waits",
     .story = "In a fork, as all that changes the past. In a fork that has just begun, it is one "
              "more of its changes.",
     .example = "msg:Till#3",
     .act = do_drop,
     .at_prompt = true},
    {.name = "delay",
     .aliases = {},
     .arguments = kWaitsTicks,
     .options = {},
     .does = "Go on with a message that comes later",
     .story = "In a fork: see `drop`.",
     .example = "msg:Till#3 5",
     .act = do_delay,
     .at_prompt = true},
    {.name = "dup",
     .aliases = {},
     .arguments = kWaits,
     .options = {},
     .does = "Go on with a message that comes twice",
     .story = "In a fork: see `drop`.",
     .example = "msg:Till#3",
     .act = do_dup,
     .at_prompt = true},
    {.name = "swap",
     .aliases = {},
     .arguments = kWaits,
     .options = {},
     .does = "Go on with a message behind its next one",
     .story = "In a fork: see `drop`.",
     .example = "msg:Till#3",
     .act = do_swap,
     .at_prompt = true},
    {.name = "set",
     .aliases = {},
     .arguments = kSetting,
     .options = {},
     .does = "Go on with a field that is something else",
     .story = "In a fork: see `drop`.",
     .example = "Till.sold = 3",
     .act = do_set,
     .at_prompt = true},
    {.name = "send",
     .aliases = kInject,
     .arguments = kTold,
     .options = {},
     .does = "Go on with one more message from outside",
     .story = "In a fork: see `drop`.",
     .example = "Till Sell",
     .act = do_send,
     .at_prompt = true},
    {.name = "crash",
     .aliases = {},
     .arguments = kOneInstance,
     .options = {},
     .does = "Let an instance be FAULTED",
     .story =
         "In a fork: see `drop`. It takes no more work and its mail waits, until `revive`; the "
         "transition that it was in is begun anew then.",
     .example = "'Order[7]'",
     .act = do_crash,
     .at_prompt = true},
    {.name = "revive",
     .aliases = {},
     .arguments = kRevived,
     .options = {},
     .does = "Let an instance that is FAULTED take work again",
     .story = "In a fork: see `drop`. It tries again with the message at the head of its mailbox, "
              "or with the next one, if that is dropped. Its faults are forgotten.",
     .example = "'Order[7]' drop",
     .act = do_revive,
     .at_prompt = true},
    {.name = "snapshot",
     .aliases = {},
     .arguments = kMarkName,
     .options = {},
     .does = "Give this moment a name",
     .story = "`@NAME` is a position from then on: to be gone to, forked from and asked as of. "
              "Without a name it gets the next number; `info snapshots` lists them. They are kept "
              "beside the trace, in FILE.lxtrace.marks.",
     .example = "before-crash",
     .act = do_snapshot,
     .at_prompt = true},
    {.name = "save",
     .aliases = {},
     .arguments = kSaved,
     .options = {},
     .does = "Keep the branch as a trace, or its program",
     .story = "A name that ends with .lxm gets the program, as it has come to be; any other one a "
              "trace, which `lxm repl`, `lxm why` and all others open.",
     .example = "run.lxtrace",
     .act = do_save,
     .at_prompt = true},
    {.name = "define",
     .aliases = {},
     .arguments = kDefinition,
     .options = {},
     .does = "Put a definition into the program, or in the place of one",
     .story = "What begins with domain, type, fn, transition, goal, on, state and so on is one "
              "without this word. A member is that of the domain before its name, `transition "
              "Till.Sell { … }`, or of the only one it can be. State is kept. If the run "
              "would have done the same with it up to now, it simply has it; if not, another "
              "branch goes on with it.",
     .example = "goal Till.Rich { predicate sold > 9 }",
     .act = do_define,
     .at_prompt = true},
    {.name = "do",
     .aliases = {},
     .arguments = kStatement,
     .options = {},
     .does = "Do a statement, in a cycle of its own",
     .story = "An assignment, and what begins with let, if, for, emit, log or assert, is one "
              "without this word. The domain Scratch does it: it is there from then on, and `let` "
              "makes a field of it.",
     .example = "let total = 5",
     .act = do_statement,
     .at_prompt = true},
    {.name = "patch",
     .aliases = {},
     .arguments = kProgramFile,
     .options = {},
     .does = "Go on with another program",
     .story = "In a fork: see `drop`. State is kept where names and types allow, and what is not "
              "is said.",
     .example = "mended.lxm",
     .act = do_patch,
     .at_prompt = true},
    {.name = "switch",
     .aliases = {},
     .arguments = kBranch,
     .options = {},
     .does = "Go to another branch",
     .story = "To where one stood in it.",
     .example = "main",
     .act = do_switch,
     .at_prompt = true},
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
    {.name = "replay",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Run it all again and compare every cycle",
     .story = "From the start, with the recorded inputs: the same must come of it.",
     .example = "",
     .act = say_replay,
     .at_prompt = true},
    {.name = "hash",
     .aliases = {},
     .arguments = {},
     .options = {},
     .does = "Show the hash of the run",
     .story = "The same program with the same inputs has the same one, on any machine.",
     .example = "",
     .act = say_hash,
     .at_prompt = true},
    {.name = "learn",
     .aliases = {},
     .arguments = kLesson,
     .options = {},
     .does = "Learn it here, in eight short lessons",
     .story = "From the first domain to finding a mistake with `whynot`. Each lesson has a program "
              "and a few tasks, and sees when they are done. `learn` alone begins, or says again "
              "what is to be done, with a hint; `learn list` names the lessons.",
     .example = "3",
     .act = do_learn,
     .at_prompt = true},
    {.name = "help",
     .aliases = {},
     .arguments = kMaybeWord,
     .options = {},
     .does = "Say what can be said",
     .story = "Or more about one word.",
     .example = "why",
     .act = say_help,
     .at_prompt = true},
    {.name = "quit",
     .aliases = kQ,
     .arguments = {},
     .options = {},
     .does = "Leave",
     .story = "Branches that were given no file are gone then.",
     .example = "",
     .act = do_quit,
     .at_prompt = true},
};

}  // namespace

std::span<const Word> all_words() { return kWords; }

}  // namespace lexum
