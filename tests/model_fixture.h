// Runs that are recorded in memory, and what is drawn of them.
#pragma once

#include "model/desk.h"
#include "session_fixture.h"

namespace lexum {

class Shop : public testing::Test {
 protected:
  explicit Shop(const std::string& text = kShop, uint64_t cycles = 10'000)
      : Shop(text, Recording{.start_values = {}, .inputs = {}, .cycles_max = cycles}) {}
  Shop(const std::string& text, const Recording& how)
      : run_(record(text, how)),
        session_(std::move(*Session::open(run_.files, "run", looking_))),
        axis_(session_->trace().start() + 1, session_->trace().cycles()),
        lanes_(session_->trace()) {
    axis_.set_width(800);
    axis_.fit();
  }

  Recorded run_;
  const Looking looking_;
  std::unique_ptr<Session> session_;
  Axis axis_;
  Lanes lanes_;
};

class Crowd : public Shop {
 protected:
  Crowd()
      : Shop(
            "domain Hub { state { n: int } goal G { predicate n < 0 } transition T { n += 1 send "
            "Leaf[n % 40] M(k: n) } } domain Leaf[id: int] { state { k: int } on M(k: int) { "
            "state.k "
            "= k if k % 1000 == 7 { state.k = 1 / 0 } } }",
            20'000) {}
};

class Goals : public Shop {
 protected:
  Goals()
      : Shop(
            "domain Hub { state { n: int } goal G { predicate n > 60 } transition T { n += 1 send "
            "Leaf[n % 7] M(k: n % 5) } } domain Leaf[id: int] { state { k: int } goal Two { "
            "predicate "
            "k == 2 } goal Low { predicate k < 4 strategy { Down } } goal Never { predicate k == "
            "77 } "
            "transition Down { k -= 1 } on M(k: int) { state.k = k } }") {}
};

// Goes on for so many cycles; every goal of a leaf comes and goes.
class Long : public Shop {
 protected:
  Long()
      : Shop(
            "domain Hub { state { n: int } goal G { predicate n < 0 } transition T { n += 1 send "
            "Leaf[n % 5] M(k: n / 20000) } } domain Leaf[id: int] { state { k: int } goal Even { "
            "predicate k % 2 == 0 } on M(k: int) { state.k = k } }",
            300'000) {}
};

}  // namespace lexum
