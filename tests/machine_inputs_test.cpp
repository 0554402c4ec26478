// What is typed becomes an input, or one line that says why not.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "eval/load.h"
#include "machine/inputs.h"
#include "machine/report.h"

namespace lexum {
namespace {

constexpr const char* kProgram = R"(
type Item { name: string count: int = 1 next: Item? }
domain Shop {
  state { open: bool total: int note: string maybe: int? tags: list<string>
          prices: map<string, int> rooms: map<int, string> best: Item }
  on Boot { }
  on Sell(item: string, qty: int) { total += qty }
  on Pack(item: Item) { best = item }
  on Sort(rows: list<list<int>>) { }
  on Event::Closed(day: int) { open = false }
  transition Audit { total = 0 }
}
domain Order[id: int] { state { status: string } on Pay(sum: int) { status = "paid" } }
domain User[name: string] { state { seen: bool } on Hello { seen = true } }
)";

class Inputs : public testing::Test {
 protected:
  Inputs() {
    Diagnostics diagnostics;
    program_ = load(Source("shop.lxm", kProgram), diagnostics);
    for (const Diagnostic& d : diagnostics.sorted()) {
      if (program_ == nullptr) ADD_FAILURE() << d.message;
    }
  }

  // "Shop.total = 3", or what is wrong.
  std::string set(std::string_view text) {
    const Result<StartValue> read = read_setting(*program_, text);
    if (!read) return read.error().what;
    const Domain& domain = (*program_)[read->domain];
    return name_of(read->domain, read->key) + "." + domain.fields[read->slot].name + " = " +
           literal(read->value, program_->shapes);
  }
  std::string send(std::string_view text) { return told(read_message(*program_, text)); }
  std::string line(std::string_view text) { return told(read_input_line(*program_, text)); }
  std::string any(std::string_view text) { return told(read_any(*program_, text)); }

 private:
  std::string name_of(DomainId id, const Value& key) {
    const std::string& name = (*program_)[id].name;
    return key.is_null() ? name : name + "[" + literal(key, program_->shapes) + "]";
  }
  // "Shop Sell("a", 1)", with "@3" before it if it is held back.
  std::string told(const Result<InputImage>& read) {
    if (!read) return read.error().what;
    std::string args;
    for (const Value& arg : read->args) {
      args += (args.empty() ? "" : ", ") + literal(arg, program_->shapes);
    }
    const std::string at = read->tick == 1 ? "" : "@" + std::to_string(read->tick) + " ";
    if (is_act(read->kind)) return at + act(*read, args);
    if (!read->domain) return at + program_->events[read->event.index()].name + "(" + args + ")";
    const Domain& domain = (*program_)[read->domain];
    return at + name_of(read->domain, read->key) + " " +
           domain.routines[read->routine.index()].name + "(" + args + ")";
  }

  // "revive Order[7] drop", "redeliver 3", "set Shop.total = 4"
  std::string act(const InputImage& act, const std::string& value) {
    std::string text(spelling(act.kind));
    if (act.kind == InputKind::kRedeliver) return text + " " + std::to_string(act.about);
    text += " " + name_of(act.domain, act.key);
    if (act.kind == InputKind::kRevive)
      return text + " " + std::string(spelling(static_cast<Revival>(act.about)));
    return text + "." + (*program_)[act.domain].fields[act.about].name + " = " + value;
  }

  std::unique_ptr<const Program> program_;
};

TEST_F(Inputs, ValuesAreReadByTheFieldsType) {
  EXPECT_EQ(set("Shop.total=3"), "Shop.total = 3");
  EXPECT_EQ(set("Shop.total = -7"), "Shop.total = -7");
  EXPECT_EQ(set("Shop.total=-9223372036854775808"), "Shop.total = -9223372036854775808");
  EXPECT_EQ(set("Shop.open=true"), "Shop.open = true");
  EXPECT_EQ(set("Shop.maybe=null"), "Shop.maybe = null");
  EXPECT_EQ(set("Shop.maybe=4"), "Shop.maybe = 4");
  EXPECT_EQ(set(R"(Shop.tags=["a", "b"])"), R"(Shop.tags = ["a", "b"])");
  EXPECT_EQ(set(R"(Shop.prices={"b": 2, "a": 1})"), R"(Shop.prices = {"a": 1, "b": 2})");
  EXPECT_EQ(set(R"(Shop.rooms={7: "x"})"), R"(Shop.rooms = {7: "x"})");
  EXPECT_EQ(
      set("Shop.best=Item(name: \"x\", next: Item())"),
      "Shop.best = Item(name: \"x\", count: 1, next: Item(name: \"\", count: 1, next: null))");
}

TEST_F(Inputs, ABareWordIsAString) {
  EXPECT_EQ(set("Shop.note=pending"), "Shop.note = \"pending\"");
  EXPECT_EQ(set("Shop.note=two words, a=b"), "Shop.note = \"two words, a=b\"");
  EXPECT_EQ(set("Shop.note=\"in\\tquotes\""), "Shop.note = \"in\\tquotes\"");
  EXPECT_EQ(set("Shop.note=null"), "Shop.note = \"null\"");
  EXPECT_EQ(set("Shop.note="), "Shop.note = \"\"");
}

TEST_F(Inputs, KeysSayWhichInstance) {
  EXPECT_EQ(set("Order[7].status=new"), "Order[7].status = \"new\"");
  EXPECT_EQ(set("User[ann].seen=true"), "User[\"ann\"].seen = true");
  EXPECT_EQ(set("User[\"a=b\"].seen=true"), "User[\"a=b\"].seen = true");
  EXPECT_EQ(set("Order.status=new"),
            "`Order` has an instance for each key; say which, as in Order[7]");
  EXPECT_EQ(set("Shop[1].total=1"), "`Shop` has one instance and no key; leave out `[1]`");
  EXPECT_EQ(set("Order[x].status=new"), "the key of `Order` is an int, and `x` is none");
}

TEST_F(Inputs, ASettingThatMakesNoSenseSaysWhy) {
  EXPECT_EQ(set("Shop.total"), "there is no `=`; write it as D.field=VALUE");
  EXPECT_EQ(set("Shp.total=1"), "there is no domain `Shp`; did you mean `Shop`?");
  EXPECT_EQ(set("Shop.totl=1"), "`Shop` has no field `totl`; did you mean `total`?");
  EXPECT_EQ(set("User[ann].x=1"), "`User` has no field `x`; there is `seen`");
  EXPECT_EQ(set("Shop.total=many"), "`total` is an int, and `many` is none");
  EXPECT_EQ(set("Shop.open=1"), "`open` is a bool, and `1` is none");
  EXPECT_EQ(set("Shop.total=null"), "`total` is an int, and `null` is none");
  EXPECT_EQ(set("Shop.tags=[1]"), "element 0 of `tags` is a string, and `1` is none");
  EXPECT_EQ(set("Shop.best=Item(size: 1)"),
            "`Item` has no field `size`; there is `name`, `count` and `next`");
  EXPECT_NE(set("Shop.total=99999999999999999999").find("too big"), std::string::npos);
  EXPECT_NE(set("Shop=1").find("no field of an instance"), std::string::npos);
  EXPECT_NE(set("=").find("column 1"), std::string::npos);
  EXPECT_EQ(set("Shop.note=a\xff"), "the text is not UTF-8 from byte 11 on");
  EXPECT_EQ(set("Shop.total*\nx=1"),
            "`Shop.total*\uFFFDx` is no field of an instance; write it as D.field or D[7].field")
      << "in one line";
}

TEST_F(Inputs, MessagesAreWrittenAsSendTakesThem) {
  EXPECT_EQ(send("Shop Sell(item: \"a\", qty: 2)"), "Shop Sell(\"a\", 2)");
  EXPECT_EQ(send("Shop Sell(qty: 2, item: \"a\")"), "Shop Sell(\"a\", 2)");
  EXPECT_EQ(send("Shop Sell(\"a\", 2)"), "Shop Sell(\"a\", 2)");
  EXPECT_EQ(send("Shop Audit"), "Shop Audit()");
  EXPECT_EQ(send("Order[7] Pay(sum: -1)"), "Order[7] Pay(-1)");
  EXPECT_EQ(send("Event::Closed(day: 3)"), "Closed(3)");
}

TEST_F(Inputs, AMessageThatNobodyTakesSaysWhoTakesWhat) {
  EXPECT_EQ(send("Shop Sel(item: \"a\", qty: 2)"),
            "`Shop` takes no message `Sel`; did you mean `Sell`?");
  EXPECT_EQ(send("Shop Boot"),
            "`Boot` is the first work of every instance of `Shop` and cannot "
            "be sent");
  EXPECT_EQ(send("Shop Sell(item: \"a\")"), "`Sell` also wants `qty`, an int");
  EXPECT_EQ(send("Shop Sell(item: \"a\", qty: 2, 3)"),
            "after an argument with a name, all arguments of `Sell` need theirs");
  EXPECT_EQ(send("Shop Sell(\"a\", 2, 3)"), "`Sell` takes 2 arguments, and here are 3");
  EXPECT_EQ(send("Shop Sell(\"a\", 2, item: \"b\")"),
            "the argument `item` of `Sell` is given twice");
  EXPECT_EQ(send("Shop Sell(item: 1, qty: 2)"), "`item` of `Sell` is a string, and `1` is none");
  EXPECT_EQ(send("Shop Sell(item: total, qty: 2)"),
            "`item` of `Sell` is a string, and `total` is none");
  EXPECT_EQ(send("Event::Close"), "there is no event `Close`; did you mean `Closed`?");
  EXPECT_NE(send("Shop Sell(").find("column"), std::string::npos);
}

TEST_F(Inputs, LinesAreJsonReadByTheTypes) {
  EXPECT_EQ(line(R"({"to":"Shop","message":"Sell","args":{"item":"a","qty":1}})"),
            "Shop Sell(\"a\", 1)");
  EXPECT_EQ(line(R"({"to":"Order[7]","message":"Pay","args":{"sum":3},"at":12})"),
            "@12 Order[7] Pay(3)");
  EXPECT_EQ(line(R"({"broadcast":"Closed","args":{"day":1}})"), "Closed(1)");
  EXPECT_EQ(line(R"({"to":"Shop","message":"Audit"})"), "Shop Audit()");
  EXPECT_EQ(line(R"({"to":"Shop","message":"Pack","args":{"item":{"name":"x","next":null}}})"),
            "Shop Pack(Item(name: \"x\", count: 1, next: null))");
  EXPECT_EQ(line(R"({"to":"Shop","message":"Sort","args":{"rows":[[1,2],[]]}})"),
            "Shop Sort([[1, 2], []])");
}

TEST_F(Inputs, ABadLineSaysWhatIsWrong) {
  const std::string sell = R"({"to":"Shop","message":"Sell","args":{"item":"a","qty":)";
  EXPECT_EQ(line(sell + "1.5}}"), "`qty` of `Sell` is an int of 64 bits, and `1.5` is none");
  EXPECT_EQ(line(sell + "9223372036854775808}}"),
            "`qty` of `Sell` is an int of 64 bits, and `9223372036854775808` is none");
  EXPECT_EQ(line(sell + "\"1\"}}"), "`qty` of `Sell` is an int, and `\"1\"` is none");
  EXPECT_EQ(line(sell + "1,\"x\":2}}"), "`Sell` has no parameter `x`; there is `item` and `qty`");
  EXPECT_EQ(line(R"({"to":"Shop","message":"Sell"})"), "`Sell` also wants `item`, a string");
  EXPECT_EQ(line(R"({"to":"Shop","mesage":"Sell"})"),
            "an input has no `mesage`; did you mean `message`?");
  EXPECT_EQ(line(R"({"to":"Shop"})"), "`to` and `message` go together");
  EXPECT_EQ(line(R"({"broadcast":"Closed","args":{"day":1},"at":0})"),
            "`at` is the number of a tick, from 1, and `0` is none");
  EXPECT_EQ(line(R"({})"),
            "an input has either `to` and `message`, or `broadcast`, or `revive`, `crash`, "
            "`redeliver` or `set`");
  EXPECT_NE(line("[1]").find("an input is an object"), std::string::npos);
  EXPECT_NE(line(R"({"to":"Shop")").find("this is not JSON"), std::string::npos);
  EXPECT_NE(line("{\"to\":\"\xff\"}").find("this is not JSON"), std::string::npos);
  EXPECT_EQ(line(sell + "1e999}}"), "it has a number that is too big for anything");
}

TEST_F(Inputs, WhatAnOperatorDoesIsALineAsWell) {
  EXPECT_EQ(line(R"({"revive":"Shop"})"), "revive Shop retry");
  EXPECT_EQ(line(R"({"revive":"Order[7]","how":"retry"})"), "revive Order[7] retry");
  EXPECT_EQ(line(R"({"revive":"Order[-7]","how":"drop","at":5})"), "@5 revive Order[-7] drop");
  EXPECT_EQ(line(R"({"revive":"User[\"ann\"]","how":"rollback"})"),
            "revive User[\"ann\"] rollback");
  EXPECT_EQ(line(R"({"redeliver":3})"), "redeliver 3");
  EXPECT_EQ(line(R"({"redeliver":9223372036854775807,"at":2})"),
            "@2 redeliver 9223372036854775807");
  EXPECT_EQ(line(R"({"set":"Shop.total=4"})"), "set Shop.total = 4");
  EXPECT_EQ(line(R"({"set":"Order[7].status=two words","at":9})"),
            "@9 set Order[7].status = \"two words\"");
  EXPECT_EQ(line(R"({"set":"User[ann].seen=true"})"), "set User[\"ann\"].seen = true");
  EXPECT_EQ(line(R"({"set":"Shop.prices={\"a\": 1}"})"), "set Shop.prices = {\"a\": 1}");
  // `--send` and the socket take such a line, too.
  EXPECT_EQ(any(R"(  {"redeliver": 3} )"), "redeliver 3");
  EXPECT_EQ(any("Shop Audit"), "Shop Audit()");
}

TEST_F(Inputs, AnActThatMakesNoSenseSaysWhy) {
  EXPECT_EQ(line(R"({"revive":"Shp"})"), "there is no domain `Shp`; did you mean `Shop`?");
  EXPECT_EQ(line(R"({"revive":"Order"})"),
            "`Order` has an instance for each key; say which, as in Order[7]");
  EXPECT_EQ(line(R"({"revive":"Shop[1]"})"), "`Shop` has one instance and no key; leave out `[1]`");
  EXPECT_EQ(line(R"({"revive":"Shop.total"})"),
            "`Shop.total` names no instance; write it as D or D[7]");
  EXPECT_EQ(line(R"({"revive":"Order["})"),
            "`Order[` names no instance; write it as \"D\" or \"D[7]\"");
  EXPECT_EQ(line(R"({"revive":""})"), "`` names no instance; write it as \"D\" or \"D[7]\"");
  EXPECT_EQ(line(R"({"revive":7})"), "`revive` is a string, and `7` is none");
  EXPECT_EQ(line(R"({"revive":"Shop","how":"retri"})"),
            "one is not revived by `retri`; did you mean `retry`?");
  EXPECT_EQ(line(R"({"revive":"Shop","how":"quickly"})"),
            "one is not revived by `quickly`; there is `retry`, `drop`, `rollback` and `return`");
  EXPECT_EQ(line(R"({"revive":"Shop","how":2})"), "`how` is a string, and `2` is none");
  for (const char* none : {"0", "-1", "1.5", "18446744073709551615", "\"3\"", "[3]", "null"}) {
    EXPECT_EQ(line(std::string(R"({"redeliver":)") + none + "}"),
              std::string("`redeliver` is the number of a dead letter, from 1, and `") + none +
                  "` is none; `lxm letters DIR` shows them");
  }
  EXPECT_EQ(line(R"({"set":"Shop.total"})"), "there is no `=`; write it as D.field=VALUE");
  EXPECT_EQ(line(R"({"set":"Shop.totl=1"})"), "`Shop` has no field `totl`; did you mean `total`?");
  EXPECT_EQ(line(R"({"set":"Shop.total=many"})"), "`total` is an int, and `many` is none");
  EXPECT_EQ(line(R"({"set":{"Shop.total":1}})"),
            "`set` is a string, and `{\"Shop.total\":1}` is none");
  // What does not go together.
  const std::string one_of =
      "an input has either `to` and `message`, or `broadcast`, or `revive`, `crash`, `redeliver` "
      "or `set`";
  EXPECT_EQ(line(R"({"revive":"Shop","redeliver":1})"), one_of);
  EXPECT_EQ(line(R"({"set":"Shop.total=1","to":"Shop","message":"Audit"})"), one_of);
  EXPECT_EQ(line(R"({"how":"drop"})"), one_of);
  EXPECT_EQ(line(R"({"redeliver":1,"how":"drop"})"), "`how` is said of `revive` alone");
  EXPECT_EQ(line(R"({"to":"Shop","message":"Audit","how":"drop"})"),
            "`how` is said of `revive` alone");
  EXPECT_EQ(line(R"({"revive":"Shop","args":{}})"), "what an operator does has no `args`");
  EXPECT_EQ(line(R"({"revive":"Shop","message":"Audit"})"), "`to` and `message` go together");
  EXPECT_EQ(line(R"({"revve":"Shop"})"), "an input has no `revve`; did you mean `revive`?");
  EXPECT_EQ(line(R"({"revive":"Shop","at":0})"),
            "`at` is the number of a tick, from 1, and `0` is none");
}

TEST_F(Inputs, NoNestingIsTooDeepToBeRefused) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += R"({"next":)";
  deep += "null" + std::string(5000, '}');
  EXPECT_NE(line(R"({"to":"Shop","message":"Pack","args":{"item":)" + deep + "}}")
                .find("lies inside more than"),
            std::string::npos);
  EXPECT_NE(line(std::string(1'000'000, '[')).find("this is not JSON"), std::string::npos);
  // Whole, and so deep that nobody could print it.
  const std::string lists = std::string(400'000, '[') + std::string(400'000, ']');
  for (const std::string& text :
       {R"({"to":"Shop","message":"Sell","args":{"qty":)" + lists + "}}",
        R"({"to":"Shop","message":"Sell","args":)" + lists + "}", R"({"redeliver":)" + lists + "}",
        R"({"to":)" + lists + "}", lists}) {
    EXPECT_NE(line(text).find("lies inside more than"), std::string::npos);
  }
}

TEST_F(Inputs, WhatIsTooBigForAFieldIsRefused) {
  const std::string big(17 << 20, 'x');
  EXPECT_EQ(set("Shop.note=" + big),
            "`note` is too big: a value of 17825792 bytes; 16777216 are the most");
}

}  // namespace
}  // namespace lexum
