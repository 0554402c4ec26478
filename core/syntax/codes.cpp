// The one table of all diagnostics and faults, in the order of codes.h. Everything that is said
// about a code in general stands here and nowhere else: its number, how bad it is, its title, and
// what `lxm explain` tells. An example is a program that shows it and, after a line `// mended:`,
// one that does not; it is empty where no short program can.
#include <algorithm>

#include "syntax/diagnostic.h"

namespace lexum {
namespace {

constexpr Severity kError = Severity::kError;
constexpr Severity kWarning = Severity::kWarning;

constexpr CodeInfo kTable[] = {
    {Code::kInvalidUtf8, "E100", kError, "text is not UTF-8",
     R"(A program is text in UTF-8, so that it means the same on every machine. This
file holds bytes that are no UTF-8: most often it was saved as Latin-1 or
UTF-16, or it is not a text at all.

Save the file as UTF-8. The message gives the place of the first bad byte;
reading goes on behind it, so other mistakes are still found.)",
     ""},
    {Code::kUnexpectedCharacter, "E101", kError, "unexpected character",
     R"(Nothing in the language begins with this character. Often it is a quote or a
dash that a word processor has made pretty, a single `&` or `|` where `&&` or
`||` is meant, or a single quote: strings stand in double quotes.

A point in a number is one too: there are no floating-point numbers, because
they do not give the same result everywhere. Count in a smaller unit instead:
cents, milliseconds, bytes.)",
     R"(domain Shop { state { name: string = 'corner' } }
// mended:
domain Shop { state { name: string = "corner" } })"},
    {Code::kUnclosedString, "E102", kError, "string is not closed",
     R"(A string begins with a double quote and ends with one on the same line. This one
has no end. A quote inside a string is written \", a new line is written \n.

If the string is long, join shorter ones with `+`.)",
     R"(domain Shop { state { name: string = "corner } }
// mended:
domain Shop { state { name: string = "corner" } })"},
    {Code::kBadEscape, "E103", kError, "unknown escape in a string",
     R"(A backslash in a string begins an escape, and there are five: \n (new line),
\t (tab), \" (quote), \\ (backslash) and \u{1F600} (any character by its
number in hexadecimal, up to 10FFFF, without the surrogates).

A pattern for `matches` needs its own backslashes doubled: "\\d+".)",
     R"(domain Files { state { path: string = "C:\data" } }
// mended:
domain Files { state { path: string = "C:\\data" } })"},
    {Code::kUnclosedComment, "E104", kError, "comment is not closed",
     R"(A comment that begins with /* lasts to the next */, and this one has none: the
rest of the file is inside it. Such comments do not nest, so the first */ ends
them even if a second /* came before.

Close it, or use // for a comment of one line.)",
     R"(domain Shop { state { open: bool } }
/* the other shops are
// mended:
domain Shop { state { open: bool } }
/* the other shops are */)"},
    {Code::kIntegerTooBig, "E105", kError, "integer does not fit 64 bits",
     R"(An int has 64 bits and a sign: -9223372036854775808 to 9223372036854775807. This
number lies outside, so no value could hold it.

Use a bigger unit, or a string if it is really a name made of digits, such as
an account number.)",
     R"(domain Bank { state { account: int = 99999999999999999999 } }
// mended:
domain Bank { state { account: string = "99999999999999999999" } })"},
    {Code::kUnexpectedToken, "E106", kError, "something else was expected",
     R"(At this place the grammar wants something else; the message says what. The cause
may stand just before it: a missing brace, a missing operator, or a word of
another language (`while`, `var`, `const`, `function`).

There is no `while`: a slice must end. Loop over a list, a map or a range with
`for`, or let a goal run a transition again and again until it holds.)",
     R"(domain Counter { state { n: int } on Add { n + 1 } }
// mended:
domain Counter { state { n: int } on Add { n = n + 1 } })"},
    {Code::kUnclosed, "E107", kError, "bracket is not closed",
     R"(A brace, bracket or parenthesis was opened and never closed. The message names
the line where it was opened; that is the place to begin looking, since the end
of the file only says that something is missing.

`lxm fmt` on a file that is whole again shows by its indentation what belongs to
what.)",
     R"(domain Shop { state { open: bool }
// mended:
domain Shop { state { open: bool } })"},
    {Code::kNestedTooDeep, "E108", kError, "nested too deep",
     R"(Blocks, `else if`s, bracketed expressions, prefix operators and type arguments
may stand 200 deep inside each other, no deeper. The limit keeps every tool that
reads a program safe from running out of stack. No program written by hand comes
near it; a generated one might.

A chain of operators of one level, such as a + b + c, does not nest and may be
as long as it likes. Give names to the inner parts with `let` or `fn`, or turn a
ladder of `else if` into a look-up in a map.)",
     ""},
    {Code::kSingleEquals, "E109", kError, "`=` where `==` is meant",
     R"(A single `=` assigns; `==` compares. A condition compares and never assigns, so
a single `=` in one is always a slip. In many languages it would quietly change
the state and be true; here it does not compile.)",
     R"(domain Lift { state { floor: int } goal Up { target floor = 3 } on Rise { floor += 1 } }
// mended:
domain Lift { state { floor: int } goal Up { target floor == 3 } on Rise { floor += 1 } })"},
    {Code::kNoDomain, "E110", kError, "no domain in the file",
     R"(A program is a set of domains: they own all state, and only their instances run.
A file without one, and an empty file, could do nothing at all.

Types, functions and effects alone make no program. Declare the domain that uses
them in the same file.)",
     R"(type Task { id: int }
// mended:
type Task { id: int }
domain Board { state { tasks: list<Task> } })"},
    {Code::kChainedComparison, "E111", kError, "comparisons do not chain",
     R"(`a < b < c` reads as in mathematics but would compare a bool with a number, so
comparisons (== != < <= > >= matches) do not chain.

Say what is meant: `a < b && b < c`. To compare two bools, put the inner
comparison in parentheses: `(a < b) == c`.)",
     R"(domain Tank { state { level: int } invariant Range { 0 <= level <= 9 } }
// mended:
domain Tank { state { level: int } invariant Range { 0 <= level && level <= 9 } })"},
    {Code::kReservedName, "E112", kError, "reserved word used as a name",
     R"(These words are reserved and cannot name anything: true false null self if else
for in let return send emit assert log.

Every other word is free: a field may be called `state`, `target`, `step` or
`priority`. Only a local is never called `state`, since `state.x` must always
reach the field. Choose another name, or add to this one: `send_count`.)",
     R"(domain Post { state { send: int } }
// mended:
domain Post { state { sent: int } })"},
    {Code::kUnknownName, "E201", kError, "unknown name",
     R"(No field, parameter, loop variable or `let` of this name can be seen here.

A `let` lives to the end of its block, a parameter to the end of the last slice
of its transition. A `fn` sees its parameters and nothing else: hand it what it
needs. The message names the nearest name that can be seen.)",
     R"(domain Counter { state { count: int } on Add { cuont += 1 } }
// mended:
domain Counter { state { count: int } on Add { count += 1 } })"},
    {Code::kDuplicateName, "E202", kError, "name declared twice",
     R"(Two things of one kind have the same name here, so a use of it could mean
either: two domains, types or functions of a program, two fields, goals,
handlers or transitions of a domain, two parameters.

Rename one of them, or join them if they were meant to be the same.)",
     R"(domain Counter { state { n: int  n: int } on Add { n += 1 } }
// mended:
domain Counter { state { n: int  m: int } on Add { n += 1 } })"},
    {Code::kUnknownDomain, "E203", kError, "unknown domain",
     R"(No domain of this name is declared in the program. Messages can only go to
domains that the checker knows: that is how it can promise that every message
will be understood.

Look at the nearest name in the message, or declare the domain.)",
     R"(domain Shop { on Sell { send Storage Take } }
domain Store { on Take { } }
// mended:
domain Shop { on Sell { send Store Take } }
domain Store { on Take { } })"},
    {Code::kUnknownMessage, "E204", kError, "unknown message",
     R"(The receiver has neither a handler nor a transition of this name, so nothing
would ever read the message.

A message is spelt exactly as the `on` or `transition` of the receiver. A
broadcast (`on Event::X`) and an effect's outcome (`::Done`, `::Failed`) cannot
be sent by name.)",
     R"(domain Shop { on Sell { send Store Takes } }
domain Store { on Take { } }
// mended:
domain Shop { on Sell { send Store Take } }
domain Store { on Take { } })"},
    {Code::kUnknownType, "E205", kError, "unknown type",
     R"(A type is int, bool, string, list<T>, map<K, V> with K int or string, or a record
that the program declares with `type`; a `?` behind it lets it be null. This is
none of them.

There is no float, no date and no byte: what cannot be the same on every machine
comes in as a message, in whole numbers or as text.)",
     R"(domain Shop { state { price: float } }
// mended:
domain Shop { state { price_in_cents: int } })"},
    {Code::kUnknownField, "E206", kError, "unknown field",
     R"(The record, the state or the domain that is named here has no such field.

Behind a dot stands a field of the record on the left; behind `state.` a field of
this domain; in `system … start domain D { x = 1 }` a field of D.)",
     R"(type Task { id: int }
domain Board { state { t: Task } on Next { t.idd += 1 } }
// mended:
type Task { id: int }
domain Board { state { t: Task } on Next { t.id += 1 } })"},
    {Code::kUnknownMethod, "E207", kError, "unknown method",
     R"(Values of this type have no such method. What there is:

  string  .length .upper() .lower() .trim() .split(s) .contains(s)
          .starts_with(s) .ends_with(s) .replace(a, b)
  list    .length .first .last .contains(x) .add(x) .remove(x) .slice(a, b)
          .sorted() .pop()
  map     .length .has(k) .get(k) .remove(k) .keys .values

Those with parentheses are called, those without are read. None but .pop()
changes anything: `xs.add(1)` gives a longer list, `xs = xs.add(1)` keeps it.)",
     R"(domain Queue { state { xs: list<int> } on Put { xs = xs.push(1) } }
// mended:
domain Queue { state { xs: list<int> } on Put { xs = xs.add(1) } })"},
    {Code::kUnknownFunction, "E208", kError, "unknown function",
     R"(A name before parentheses is a `fn` of the program, a record being made, or one
of the built-ins str, int, min, max and abs. This is none of them: declare it, or
look at the nearest name in the message. There are no others: no clock, no random
numbers, nothing that could differ from machine to machine.)",
     R"(domain Sum { state { n: int } on Add(x: int) { n = plus(n, x) } }
// mended:
fn plus(a: int, b: int): int { return a + b }
domain Sum { state { n: int } on Add(x: int) { n = plus(n, x) } })"},
    {Code::kHidesName, "E209", kError, "local hides another name",
     R"(Two locals never share a name, and a `let` may not take the name of a field: the
line that assigns it later would not say which of the two it changes.

A parameter or a loop variable may hide a field, because it cannot be assigned;
`state.x` still reaches the field. Otherwise pick another name.)",
     R"(domain Shop { state { total: int } on Sell(n: int) { let total = n  state.total = total } }
// mended:
domain Shop { state { total: int } on Sell(n: int) { let sum = n  total = sum } })"},
    {Code::kForeignState, "E210", kError, "state of another domain",
     R"(State belongs to its domain. Nothing else can read or write it, not even for a
moment: this is what makes races impossible and every change traceable to one
slice.

Ask with a message and let the owner answer with another, or let the owner
announce what happened with a broadcast. What you keep is then your own copy,
and it is plain that it may be old.)",
     R"(domain App { state { up: bool } on Start { up = Db.ready } }
domain Db { state { ready: bool } on Boot { ready = true } }
// mended:
domain App { state { up: bool } on Event::Ready { up = true } }
domain Db { state { ready: bool } on Boot { ready = true emit Broadcast(Event::Ready) } })"},
    {Code::kUnknownTransition, "E211", kError, "unknown transition",
     R"(A strategy and `terminate_after N else T` name transitions of the same domain.
There is none of this name. A handler (`on …`) does not count: it serves messages
only.)",
     R"(domain Lamp { state { on_: bool } goal Lit { predicate on_ strategy { Lihgt } }
  transition Light { on_ = true } }
// mended:
domain Lamp { state { on_: bool } goal Lit { predicate on_ strategy { Light } }
  transition Light { on_ = true } })"},
    {Code::kUnknownAnnotation, "E212", kError, "unknown annotation",
     R"(An annotation stands before a domain, a handler or a transition. There are three:

  @priority(high)      a handler or transition: how urgent its work is
  @mailbox(100)        a domain: how many messages wait at the most
  @restart(3, 100)     a domain: restarts allowed within so many own cycles
  @restart(never)      a domain: the first fault is the last

This is none of them, or it stands where it means nothing.)",
     R"(@prio(high)
domain Lamp { state { lit: bool } on Light { lit = true } }
// mended:
domain Lamp { state { lit: bool } @priority(high) on Light { lit = true } })"},
    {Code::kUnknownWord, "E213", kError, "unknown level, scope or capability",
     R"(Three lists of words are fixed. Levels of priority: critical, high, normal, low,
background. Levels a domain may belong to (`scope`): root, tenant, environment,
workspace, target, namespace, domain. Capabilities: messaging, send_to:DOMAIN, an
adapter, or ADAPTER.OPERATION.

This word is in none of the lists that may stand here.)",
     R"(domain Lamp { state { lit: bool } goal Lit { predicate lit priority urgent }
  transition Light { lit = true } }
// mended:
domain Lamp { state { lit: bool } goal Lit { predicate lit priority high }
  transition Light { lit = true } })"},
    {Code::kUnknownEffect, "E214", kError, "unknown effect",
     R"(Effects need no declaration. But where the program declares operations of an
adapter, these are all it has: the declarations would be worth nothing if a
misspelt operation slipped past them. A handler of an outcome must name one that
the program emits or declares, else it would wait for ever.)",
     R"(effect Infra.Create(size: int)
domain App { on Start { emit Infra.Craete(size: 2) } }
// mended:
effect Infra.Create(size: int)
domain App { on Start { emit Infra.Create(size: 2) } })"},
    {Code::kUnknownArgument, "E215", kError, "unknown argument",
     R"(The function, message, effect or record has no parameter of this name. Named
arguments may come in any order but must be spelt as declared.)",
     R"(domain Shop { on Sell { send Store Take(count: 1) } }
domain Store { state { n: int = 9 } on Take(qty: int) { n -= qty } }
// mended:
domain Shop { on Sell { send Store Take(qty: 1) } }
domain Store { state { n: int = 9 } on Take(qty: int) { n -= qty } })"},
    {Code::kTypeMismatch, "E301", kError, "wrong type",
     R"(A value of one type stands where another is needed. Types are fixed when the
program is checked, and nothing turns into something else by itself: 1 is not
true, "7" is not 7. An empty `[]` or `{}` and a lone `null` take their type from
where they stand; alone in a `let` they have none: `let xs: list<int> = []`.

`str(x)` makes text of anything. `int(s)` reads a number from text; it gives an
`int?`, since the text may hold none: `int(s) ?? 0`.)",
     R"(domain Counter { state { n: int } on Set(s: string) { n = s } }
// mended:
domain Counter { state { n: int } on Set(s: string) { n = int(s) ?? 0 } })"},
    {Code::kMayBeNull, "E302", kError, "value may be null",
     R"(A `T?` may be null, so it cannot be used as a T until the program has said what
happens if it is. There is no fault for a forgotten null: the checker asks now.

  x ?? 0                          a value instead
  if x != null { … x is a T … }   only if there is one

The knowledge lasts to the end of the block, and ends when x is assigned.)",
     R"(domain Queue { state { xs: list<int>  n: int } on Take { n = xs.first } }
// mended:
domain Queue { state { xs: list<int>  n: int } on Take { n = xs.first ?? 0 } })"},
    {Code::kBadOperands, "E303", kError, "operator does not take these types",
     R"(The operator does not take values of these types. `+` adds ints, joins strings,
and does nothing else; - * / % take ints; < <= > >= take two ints or two strings;
&& || ! take bools; == and != take two values of one type; `matches` takes a
string and a literal pattern; ?? takes a value that may be null.

To join text and a number write `"n is " + str(n)`.)",
     R"(domain Shop { state { n: int } on Say { log "sold " + n } }
// mended:
domain Shop { state { n: int } on Say { log "sold " + str(n) } })"},
    {Code::kArgumentCount, "E304", kError, "wrong number of arguments",
     R"(What is called, sent or made here takes a different number of arguments. Each
parameter needs exactly one; only the fields of a record may be left out, and
have their declared start value then.)",
     R"(domain Shop { on Sell { send Store Take } }
domain Store { state { n: int = 9 } on Take(qty: int) { n -= qty } }
// mended:
domain Shop { on Sell { send Store Take(qty: 1) } }
domain Store { state { n: int = 9 } on Take(qty: int) { n -= qty } })"},
    {Code::kNotAssignable, "E305", kError, "cannot be assigned",
     R"(This cannot stand to the left of `=`. Fields of the own state can, and `let`
variables, and what lies inside them: `task.done = true`, `stock["A12"] -= 1`.

Parameters and loop variables keep the value they came with, and `self.id` is
who the instance is. Copy a parameter into a `let` to change it.)",
     R"(domain Sum { state { n: int } on Add(x: int) { x += 1  n += x } }
// mended:
domain Sum { state { n: int } on Add(x: int) { let y = x + 1  n += y } })"},
    {Code::kNotConstant, "E306", kError, "start value is not a constant",
     R"(A start value must be known before anything runs, so it is made of literals and
operators on them: 60 * 60, [1, 2], {"a": 1}, Task(id: 1). It cannot look at
fields or keys.

To begin with something that must be computed, compute it in `transition Boot`,
which is the first work of every new instance.)",
     R"(domain Cart { state { n: int = 2  cost: int = n * 3 } }
// mended:
domain Cart { state { n: int = 2  cost: int } transition Boot { cost = n * 3 } })"},
    {Code::kMissingReturn, "E307", kError, "a path ends without a value",
     R"(A `fn` is a pure value of its arguments, so every way through it must end in a
`return`. At least one way through this one falls off the end: often an `if`
without an `else`, or a `for` that may not run even once.)",
     R"(fn sign(n: int): int { if n < 0 { return -1 } }
domain D { state { n: int } on Set(x: int) { n = sign(x) } }
// mended:
fn sign(n: int): int { if n < 0 { return -1 } return 1 }
domain D { state { n: int } on Set(x: int) { n = sign(x) } })"},
    {Code::kBadReturn, "E308", kError, "return with the wrong kind of value",
     R"(In a `fn`, `return` must carry the value. In a handler or a transition it carries
none: it ends the work here, later slices included. Nobody waits for an answer,
so there is nobody to return one to; send it instead.)",
     R"(domain Db { state { n: int } on Read { return n } }
// mended:
domain Db { state { n: int } on Read { send App Got(value: n) } }
domain App { state { seen: int } on Got(value: int) { seen = value } })"},
    {Code::kBadPattern, "E309", kError, "bad pattern",
     R"(The right side of `matches` is a regular expression, compiled together with the
program: a literal string that RE2 accepts. RE2 searches in linear time, whatever
the text, and therefore has no back-references and no look-around.

The pattern is searched anywhere in the text; `^` and `$` tie it to the ends.)",
     R"(domain Mail { state { ok: bool } on Check(s: string) { ok = s matches "(" } }
// mended:
domain Mail { state { ok: bool } on Check(s: string) { ok = s matches "^[a-z]+@" } })"},
    {Code::kNotIterable, "E310", kError, "cannot be looped over",
     R"(`for` loops over a list, a map (its keys in order) or a range `a..b` of ints,
which stops before b. A string is not looped over; `s.split("")` gives its
characters as a list.

A range has one variable; a list or a map may have two (index or key, and value).)",
     R"(domain Sum { state { n: int } on Add(k: int) { for i in k { n += i } } }
// mended:
domain Sum { state { n: int } on Add(k: int) { for i in 0..k { n += i } } })"},
    {Code::kMissingType, "E311", kError, "parameter without a type",
     R"(A parameter says its type, because whoever sends the message must be checked
against it. Only the one parameter of an effect's outcome may leave it out, and
is a string then.)",
     R"(domain Sum { state { n: int } on Add(x) { n += x } }
// mended:
domain Sum { state { n: int } on Add(x: int) { n += x } })"},
    {Code::kNamedArguments, "E312", kError, "argument must be named",
     R"(Arguments stand by position first, by name after that: behind a named one every
other is named too. Records, and effects that nothing declares, take named ones
only: their fields have no order that a reader could know.)",
     R"(domain Shop { on Sell { send Store Take("A12", qty: 1)  emit Till.Open(5) } }
domain Store { state { n: int = 9 } on Take(item: string, qty: int) { n -= qty } }
// mended:
domain Shop { on Sell { send Store Take("A12", qty: 1)  emit Till.Open(drawer: 5) } }
domain Store { state { n: int = 9 } on Take(item: string, qty: int) { n -= qty } })"},
    {Code::kNoValue, "E313", kError, "there is no value here",
     R"(Here a value is needed, and what stands here has none. A domain does not stand
for its state: it is asked with a message. A transition or a handler runs as a
cycle of its own and gives nothing back: it is sent, or a goal runs it.

What should be computed and used at once is a `fn`.)",
     R"(domain Queue { state { n: int } transition Next { n += 1 } on Skip { n = Next() } }
// mended:
domain Queue { state { n: int } transition Next { n += 1 } on Skip { send Queue Next } })"},
    {Code::kKey, "E401", kError, "instance key missing or not wanted",
     R"(`domain D[id: int]` has one instance for each key, and every use says which:
`send D[7] M`. `domain D` has exactly one instance and takes no key. The key is an
int or a string, as the domain declares, and is read inside as `self.id`.)",
     R"(domain Shop { on Sell { send Store Take } }
domain Store[id: int] { state { n: int = 9 } on Take { n -= 1 } }
// mended:
domain Shop { on Sell { send Store[88] Take } }
domain Store[id: int] { state { n: int = 9 } on Take { n -= 1 } })"},
    {Code::kRetireSingle, "E402", kError, "only keyed domains retire",
     R"(`retire` ends an instance after the slice. Only an instance of a keyed domain can
go, because only it can come again: the next message to its key starts a new one.
The single instance of a domain without a key lives as long as the run.)",
     R"(domain Job { on Finish { retire } }
// mended:
domain Job[id: int] { on Finish { retire } })"},
    {Code::kBoot, "E403", kError, "Boot cannot be sent and takes nothing",
     R"(Boot is the first work of every new instance, before any message and any goal. It
runs by itself, once, and takes no parameters, since nobody is there to give
them. It cannot be sent.

What an instance is told at its start comes from `system … start domain D { … }`
or as a message of its own.)",
     R"(domain Job { state { n: int } on Boot { n = 1 } on Again { send Job Boot } }
// mended:
domain Job { state { n: int } on Boot { n = 1 } on Again { n = 1 } })"},
    {Code::kGoalItems, "E404", kError, "goal needs exactly one predicate",
     R"(A goal is one condition: exactly one `predicate` (or `target`, which is the same
word), and at most one each of priority, strategy and terminate_after. Join
conditions with && or make two goals of them, which are pursued one by one.)",
     R"(domain App { state { a: bool  b: bool } goal Up { target a target b }
  transition Go { a = true b = true } }
// mended:
domain App { state { a: bool  b: bool } goal Up { target a && b }
  transition Go { a = true b = true } })"},
    {Code::kListenersDiffer, "E405", kError, "listeners of an event differ",
     R"(A broadcast reaches every listener with the same arguments, so all `on Event::X`
of a program declare the same parameters: the same names and types in the same
order. A listener that needs nothing of it declares them all the same.)",
     R"(domain A { state { n: int } on Event::Tick(at: int) { n = at } }
domain B { state { n: int } on Event::Tick { n += 1 } }
// mended:
domain A { state { n: int } on Event::Tick(at: int) { n = at } }
domain B { state { n: int } on Event::Tick(at: int) { n += 1 } })"},
    {Code::kRecordCycle, "E406", kError, "record contains itself",
     R"(A record holds its fields in itself, so one that holds itself, directly or
through another record, would have no end and no zero value.

A `?`, a list or a map in between ends it: they begin as null or empty.)",
     R"(type Node { value: int  next: Node }
domain D { state { head: Node } }
// mended:
type Node { value: int  next: Node? }
domain D { state { head: Node } })"},
    {Code::kBadAnnotation, "E407", kError, "bad annotation",
     R"(The annotation is known, but not with these arguments, or it stands here twice.

  @priority(LEVEL) or @priority(N)     N from 0 to 255
  @mailbox(N)
  @restart(N, WITHIN) or @restart(never))",
     R"(@restart(3)
domain D { state { n: int } on Add { n += 1 } }
// mended:
@restart(3, 100)
domain D { state { n: int } on Add { n += 1 } })"},
    {Code::kBadPriority, "E408", kError, "priority out of range",
     R"(Priorities go from 0 to 255, and bigger is more urgent: background 0, low 64,
normal 128, high 192, critical 255. Work of priority 0 runs only when no instance
has anything else to do.)",
     R"(domain D { state { n: int } @priority(300) on Add { n += 1 } }
// mended:
domain D { state { n: int } @priority(255) on Add { n += 1 } })"},
    {Code::kBadStrategy, "E409", kError, "transition cannot serve a goal",
     R"(A goal runs a transition by itself and has no arguments to give, so its strategy
and its `else` name transitions without parameters. Boot is not among them: it
belongs to the start of the instance.

A transition that needs a value can find it in the state.)",
     R"(domain D { state { n: int } goal Nine { target n == 9 strategy { Set } }
  transition Set(x: int) { n = x } }
// mended:
domain D { state { n: int } goal Nine { target n == 9 strategy { Set } }
  transition Set { n = 9 } })"},
    {Code::kNotAllowedHere, "E410", kError, "not allowed here",
     R"(The statement is sound but may not stand here. A `fn` computes a value and does
nothing else: no `assert`, no `log`, no `retire`.

Do it where the function is called; what it needs for that, the function can
return.)",
     R"(fn twice(n: int): int { log n  return n * 2 }
domain D { state { n: int } on Set(x: int) { n = twice(x) } }
// mended:
fn twice(n: int): int { return n * 2 }
domain D { state { n: int } on Set(x: int) { log x  n = twice(x) } })"},
    {Code::kHandlerAndTransition, "E411", kError, "handler and transition of one name",
     R"(A message names a handler or a transition of its receiver, and here both have the
same name: it could mean either. Keep one of them. If a goal should run it as
well as messages, keep the transition.)",
     R"(domain D { state { n: int } on Add { n += 1 } transition Add { n += 2 } }
// mended:
domain D { state { n: int } on Add { n += 1 } transition AddTwo { n += 2 } })"},
    {Code::kBadNumber, "E412", kError, "number is of no use here",
     R"(The number has the right type and no use: a mailbox that holds no message, a goal
that is abandoned before its first try, restarts counted within no cycles.

Use 1 or more. For a goal that may try for ever write `terminate_after never` or
leave it out; for a domain that is never restarted write `@restart(never)`.)",
     R"(@mailbox(0)
domain D { state { n: int } on Add { n += 1 } }
// mended:
@mailbox(1)
domain D { state { n: int } on Add { n += 1 } })"},
    {Code::kNotCapable, "A001", kError, "capability missing",
     R"(A domain with a `capability { … }` block may do what the block says and nothing
more. To send, also to itself, it needs `messaging` and `send_to:X`; to broadcast
`messaging`; for an effect `Adapter` or `Adapter.Operation`. A transition's own
block narrows the domain's and cannot widen it.

This is decided before the program runs, so what a domain can reach is read off
its head. A domain without a block may do anything.)",
     R"(domain Shop { capability { messaging } on Sell { send Store Take } }
domain Store { state { n: int = 9 } on Take { n -= 1 } }
// mended:
domain Shop { capability { messaging, send_to: Store } on Sell { send Store Take } }
domain Store { state { n: int = 9 } on Take { n -= 1 } })"},
    {Code::kNotPure, "A008", kError, "more than reading where only reading is allowed",
     R"(A predicate, an invariant and a `fn` only look. They run at any time and any
number of times, tools run them too, so they must leave no mark: no send, no
emit, no `.pop()` on the state.

Let the condition say what should be, and a transition or a handler do it.)",
     R"(fn price(n: int): int { emit Till.Open() return n * 2 }
domain Shop { state { sum: int } on Sell(n: int) { sum += price(n) } }
// mended:
fn price(n: int): int { return n * 2 }
domain Shop { state { sum: int } on Sell(n: int) { emit Till.Open() sum += price(n) } })"},
    {Code::kUnreachableGoal, "W501", kWarning, "nothing can reach the goal",
     R"(The goal is false at the start, and nothing in the program assigns the fields it
looks at. The run can only end waiting for it.

Write a transition that brings it about, or a handler that hears of it. If the
value comes from outside, with --set, the warning can be ignored.)",
     R"(domain Lamp { state { lit: bool  asked: int } goal Lit { predicate lit }
  transition Light { asked += 1 } }
// mended:
domain Lamp { state { lit: bool } goal Lit { predicate lit }
  transition Light { lit = true } })"},
    {Code::kUnusedTransition, "W502", kWarning, "nothing runs the transition",
     R"(No goal can pick this transition and no `send` names it, so within the program it
never runs. A goal picks from its strategy, or, without one, from all
transitions that take no parameters.

Name it in a strategy, send it, or remove it. If it is there to be sent from
outside, write it as a handler: `on Name { … }`.)",
     R"(domain Lamp { state { lit: bool } transition Light { lit = true } }
// mended:
domain Lamp { state { lit: bool } on Light { lit = true } })"},
    {Code::kNeverChanges, "W503", kWarning, "first slice can never change anything",
     R"(The first slice of this transition assigns nothing, sends nothing, emits nothing
and does not retire, whatever the state. For a goal such a transition is always
blocked, and the slices behind the first are never reached.

Put the work, and the `if` that guards it, into the first slice.)",
     R"(domain Lamp { state { lit: bool } goal Lit { predicate lit }
  transition Light { step { log "soon" } step { lit = true } } }
// mended:
domain Lamp { state { lit: bool } goal Lit { predicate lit }
  transition Light { step { log "now"  lit = true } } })"},
    {Code::kUnboundedCycle, "W504", kWarning, "message cycle without a bound",
     R"(These handlers answer each other without end: each sends the next message of the
circle under no condition. Once started, the run never comes to rest. If the
state comes back too, it ends with E005; if it does not, at the limit of cycles.

Let one of them send only under a condition that becomes false: a count that
reaches its end, a flag that says it was done.)",
     R"(domain A { on Ping { send B Pong } }
domain B { on Pong { send A Ping } }
// mended:
domain A { on Ping { send B Pong } }
domain B { state { left: int = 3 } on Pong { if left > 0 { left -= 1  send A Ping } } })"},
    {Code::kContradictoryGoals, "W505", kWarning, "goals contradict each other",
     R"(No state satisfies both of these goals: they want different values of one field.
Whatever serves one breaks the other, so the run can never converge, and will
most likely end with E005.

Decide which of them it should be, or make one depend on a field that says which
is wanted now.)",
     R"(domain Lamp { state { level: int } goal level == 1 goal level == 2
  transition Up { level = 2 } transition Down { level = 1 } }
// mended:
domain Lamp { state { level: int } goal level == 2
  transition Up { level = 2 } })"},
    {Code::kCandidateIsMessage, "W506", kWarning, "goal may run what messages name",
     R"(The goal has no strategy, so it may run any transition of its domain that takes
no parameters; and one of those is also sent as a message. It might run without
the message that it was meant to answer.

Give the goal a strategy with the transitions it should use, or turn the other
into a handler with `on`.)",
     R"(domain Lamp { state { lit: bool } goal Lit { predicate lit }
  transition Light { lit = true }  on Dark { send Lamp Light } }
// mended:
domain Lamp { state { lit: bool } goal Lit { predicate lit strategy { Light } }
  transition Light { lit = true }  on Dark { send Lamp Light } })"},
    {Code::kGoalGetsNowhere, "W507", kWarning, "goal gets nowhere",
     R"(This goal was worked at 1,000 times in a row and still does not hold. The message
shows the distance then and now. If it shrinks, all is well and the goal is only
far away. If it grows, the work goes the wrong way or has gone past the target:
`==` that steps over its value is the usual cause, `>=` the usual cure.

`terminate_after N` gives a goal up after N runs.)",
     R"(domain Lift { state { floor: int } goal Top { target floor == 5 terminate_after 2000 }
  transition Rise { floor += 2 } }
// mended:
domain Lift { state { floor: int } goal Top { target floor >= 5 terminate_after 2000 }
  transition Rise { floor += 2 } })"},
    {Code::kSimulated, "W508", kWarning, "effect is simulated",
     R"(No adapter is bound to this name, so nothing happened in the world. The effect
was recorded and answered in the next tick as if it had worked: Done, with the
zero value of the handler's type. This is said once for each adapter.

It is how a program is tried out and tested.)",
     R"(domain App { on Boot { emit Infra.Create() } })"},
    {Code::kOscillation, "E005", kError, "oscillation: the run loops for ever",
     R"(The whole world, states, mailboxes and all, is exactly as it was some ticks ago,
and nothing from outside is still to come. Since the same world always does the
same next, it would go round for ever. This is a proof, not a guess: nothing is
reported merely for running long.

The report says how many ticks the loop has, who takes part, which goals and
messages drive it, and which fields go back and forth. Two goals that undo each
other's work are the usual cause. Let one of them give way: a dead band between
their limits, a shared owner of the field, or `terminate_after`.)",
     R"(domain Room { state { t: int = 20 } goal Warm { target t >= 21 strategy { Heat } }
  goal Cool { target t <= 20 strategy { Vent } }
  transition Heat { t += 1 } transition Vent { t -= 1 } }
// mended:
domain Room { state { t: int = 20 } goal Warm { target t >= 21 strategy { Heat } }
  goal Cool { target t <= 22 strategy { Vent } }
  transition Heat { t += 1 } transition Vent { t -= 1 } })"},
    {Code::kOverflow, "F001", kError, "integer overflow",
     R"(The result of + - * or of a prefix - or abs does not fit 64 bits. It is never
wrapped around: a number that silently became negative would spread through the
system as truth. The slice is undone as if it had not run, its message goes to
the dead letters, and the instance goes on from its last committed state.

Test before you compute, use a bigger unit, or limit the value with min and max.)",
     R"(domain D { state { n: int = 9223372036854775807 } on Boot { n += 1 } }
// mended:
domain D { state { n: int = 9223372036854775807 } on Boot { if n < 100 { n += 1 } } })"},
    {Code::kDivisionByZero, "F002", kError, "division by zero",
     R"(The right side of / or % was 0. There is no value that could stand for the
result, so the slice is undone, its message goes to the dead letters, and the
instance goes on from its last committed state.

Test the divisor first, and say what the result is without one.)",
     R"(domain D { state { n: int = 6  parts: int } on Boot { n = n / parts } }
// mended:
domain D { state { n: int = 6  parts: int } on Boot { if parts != 0 { n = n / parts } } })"},
    {Code::kNoSuchElement, "F003", kError, "no such index, key or element",
     R"(A list was asked for an index it does not have, a map for a key it does not have,
`.slice` for a part outside, or `.pop()` for an element of an empty list. The
slice is undone.

Where absence is normal, ask the question that can be answered: `.get(k)`,
`.first` and `.last` give a `T?`; `.has(k)`, `.length` and `.contains(x)` tell
beforehand. Assigning `m[k] = v` adds a key; it never faults.)",
     R"(domain D { state { stock: map<string, int>  n: int } on Boot { n = stock["A12"] } }
// mended:
domain D { state { stock: map<string, int>  n: int } on Boot { n = stock.get("A12") ?? 0 } })"},
    {Code::kReservedFault, "F004", kError, "reserved",
     R"(This number is kept free and nothing raises it.)", ""},
    {Code::kValueTooBig, "F005", kError, "value is too big",
     R"(A value has at most 16 MiB, counted as the UTF-8 bytes of its strings plus 8 for
every number, bool and null in it, and at most as many elements, entries and
members in all. It is measured when a slice ends, for the fields it changed and
the arguments it sent. A value that outgrows this would make every snapshot and
message slow; the slice is undone.

Keep less, or spread it over the instances of a keyed domain.)",
     R"(domain D { state { s: string = "0123456789abcdef"  l: list<string> }
  on Boot { for i in 0..16 { s = s + s }  for i in 0..17 { l = l.add(s) } } }
// mended:
domain D { state { s: string = "0123456789abcdef"  l: list<string> }
  on Boot { for i in 0..16 { s = s + s }  for i in 0..7 { l = l.add(s) } } })"},
    {Code::kOutOfGas, "F006", kError, "slice ran out of gas or depth",
     R"(A slice may spend 100,000 units of gas: one for each statement, and one for every
64 elements or bytes that an operation walks over or makes; comparing values with
much inside them costs more. It may nest 2,000 evaluations deep, calls included. So a program can be wrong but it cannot hang,
and every other instance gets its turn. The slice is undone.

Do the work in portions: a piece in each run of a transition that a goal repeats,
or a message to oneself with what is left.)",
     R"(domain D { state { n: int } on Boot { for i in 0..200000 { n += 1 } } }
// mended:
domain D { state { n: int } goal n >= 200000
  transition More { for i in 0..20000 { n += 1 } } })"},
    {Code::kMailboxFull, "F007", kError, "mailbox can never take it",
     R"(A slice that would overfill a mailbox is put off, quietly, until there is room.
It becomes this fault only if there never can be: it sends more at once than the
mailbox holds when empty, or everybody who is left waits for room that nobody
makes.

Send less in a slice, give the receiver a bigger @mailbox(n), or let it work off
its mail before it sends: two domains that flood each other are the usual cause.)",
     R"(@mailbox(2)
domain Store { state { n: int } on Take { n += 1 } }
domain Shop { on Boot { for i in 0..3 { send Store Take } } }
// mended:
@mailbox(3)
domain Store { state { n: int } on Take { n += 1 } }
domain Shop { on Boot { for i in 0..3 { send Store Take } } })"},
    {Code::kInvariantBroken, "F010", kError, "invariant broken",
     R"(After the slice an invariant of the domain did not hold (or faulted itself). The
slice is undone, so the state that broke it was never real. The instance becomes
FAULTED at once, since a program that tries to break its own law cannot be
trusted to go on: it takes no more work until an operator revives it, its mail
waits, and everybody else goes on.

Guard the change with an `if`, or correct the invariant. Start values are not
checked, so that an invariant may describe what holds once the work has begun.)",
     R"(domain Store { state { n: int = 1 } invariant NotShort { n >= 0 }
  on Boot { n -= 2 } }
// mended:
domain Store { state { n: int = 1 } invariant NotShort { n >= 0 }
  on Boot { if n >= 2 { n -= 2 } } })"},
    {Code::kAssertFailed, "F020", kError, "assert failed",
     R"(An assert says what the world must be like for the program to make sense. It
failed, so what the program was told is not true, and going on would build on
sand. The run halts. It reports what has happened since everything was last at
rest, names the effects that cannot be taken back, and returns all states to that
rest; the trace keeps what was undone.

Look at what the message carried: `lxm log` shows the cycles before. If the
program can cope with the situation, write an `if` instead of an assert.)",
     R"(domain Store { state { n: int = 1 }
  on Boot { assert n >= 2, "two are needed"  n -= 2 } }
// mended:
domain Store { state { n: int = 1 }
  on Boot { if n >= 2 { n -= 2 } } })"},
};

constexpr bool table_matches_enum() {
  for (size_t i = 0; i < std::size(kTable); ++i) {
    if (kTable[i].code != static_cast<Code>(i)) return false;
  }
  return std::size(kTable) == static_cast<size_t>(Code::kCount_);
}
static_assert(table_matches_enum(), "the table must list every code of codes.h in its order");

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

const CodeInfo& info(Code code) { return kTable[static_cast<size_t>(code)]; }

std::span<const CodeInfo> all_codes() { return kTable; }

const CodeInfo* find_code(std::string_view id) {
  const auto same = [id](const CodeInfo& entry) {
    return std::ranges::equal(entry.id, id, {}, upper, upper);
  };
  const auto found = std::ranges::find_if(kTable, same);
  return found == std::end(kTable) ? nullptr : &*found;
}

}  // namespace lexum
