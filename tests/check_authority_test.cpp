// State belongs to its domain, and what a domain may do stands in its capability block.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

// A domain with a capability block that has `grants`, and a handler with `body`.
std::string under(std::string_view grants, std::string_view body) {
  return said(
      "effect Infra.Create() effect Infra.Drop() domain B { on M {} } domain A { capability { " +
      std::string(grants) + " } on M {} on Go { " + std::string(body) + " } }");
}

TEST(Authority, ABlockGrantsWhatItNames) {
  struct Row {
    std::string grants;
    std::string body;
    std::string said;
  };
  for (const Row& row : std::vector<Row>{
           {"messaging, send_to:B", "send B M", ""},
           {"messaging", "send B M", "A001 `send B M`"},
           {"send_to:B", "send B M", "A001 `send B M`"},
           {"messaging, send_to:B", "send A M", "A001 `send A M`"},
           {"messaging, send_to:A", "send A M", ""},
           {"messaging", "emit Broadcast(Event::Up)", ""},
           {"send_to:B", "emit Broadcast(Event::Up)", "A001 `emit Broadcast(Event::Up)`"},
           {"Infra", "emit Infra.Create() emit Infra.Drop()", ""},
           {"Infra.Create", "emit Infra.Create()", ""},
           {"Infra.Create", "emit Infra.Drop()", "A001 `emit Infra.Drop()`"},
           {"messaging", "emit Other.Thing()", "A001 `emit Other.Thing()`"},
       }) {
    EXPECT_EQ(under(row.grants, row.body), row.said) << row.grants << " / " << row.body;
  }
}

TEST(Authority, WithoutABlockEverythingIsGranted) {
  EXPECT_EQ(said("domain B { on M {} } domain A { on Go { send B M emit Infra.Create() } }"), "");
}

TEST(Authority, TheBlockOfATransitionOnlyNarrows) {
  const auto run = [](std::string_view domain, std::string_view transition) {
    return said("domain B { on M {} } domain A { " + std::string(domain) +
                " on Go { send A T } transition T { " + std::string(transition) +
                " step { send B M } } }");
  };
  EXPECT_EQ(run("", "capability { messaging, send_to:B }"), "");
  EXPECT_EQ(run("", "capability { messaging }"), "A001 `send B M`");
  EXPECT_EQ(run("capability { messaging, send_to:A }", "capability { messaging, send_to:B }"),
            "A001 `send B M`");
  EXPECT_EQ(
      run("capability { messaging, send_to:A, send_to:B }", "capability { messaging, send_to:B }"),
      "");
}

TEST(Authority, SaysWhatIsMissing) {
  EXPECT_EQ(
      told("domain B { on M {} } domain A { capability { messaging } on Go { send B M } }"),
      "the capability block of domain `A` lacks `send_to:B` | add it: capability { …, send_to:B }");
}

TEST(Authority, TheWordsOfABlockAreChecked) {
  EXPECT_EQ(under("send_to", ""), "E213 `send_to`");
  EXPECT_EQ(under("messaging:B", ""), "E213 `messaging:B`");
  EXPECT_EQ(under("Infra:B", ""), "E213 `Infra:B`");
  EXPECT_EQ(under("send_to:X", ""), "E203 `X`");
  EXPECT_EQ(under("Infra.Crate", ""), "E214 `Crate`");
  EXPECT_EQ(said("environment E { scope { world } capability { massaging } } domain D {}"),
            "E213 `world`; E213 `massaging`");
}

TEST(Authority, WhatIsPureSendsAndChangesNothing) {
  EXPECT_EQ(said("domain D { on M {} } fn f(): int { send D M return 1 }"), "A008 `send D M`");
  EXPECT_EQ(said("domain D { } fn f(): int { emit Infra.Create() return 1 }"),
            "A008 `emit Infra.Create()`");
  EXPECT_EQ(said("domain D { } fn f(): int { emit Broadcast(Event::Up) return 1 }"),
            "A008 `emit Broadcast(Event::Up)`");
  EXPECT_EQ(
      said("domain D { state { q: list<int> } goal G { predicate q.pop() == 1 } on M { q = [] } }"),
      "A008 `q`");
  EXPECT_EQ(said("domain D { state { q: list<int> } invariant i { q.pop() == 1 } }"), "A008 `q`");
  EXPECT_EQ(said("fn f(l: list<int>): int { let q = l return q.pop() } domain D { }"), "");
}

}  // namespace
}  // namespace lexum::check_test
