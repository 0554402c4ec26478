#include "session/options.h"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>

#include "syntax/diagnostic.h"

namespace lexum {

struct Options::Parts {
  std::string name;
  std::string takes;
  CLI::App app;
};

namespace {

std::string read_number(const std::string& word, uint64_t least, uint64_t most, uint64_t& value) {
  uint64_t read = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, read);
  if (error == std::errc() && stopped == end && read >= least && read <= most) {
    value = read;
    return "";
  }
  return "takes a number, and `" + word + "` is none from " + std::to_string(least) +
         (most == UINT64_MAX ? " on" : " to " + std::to_string(most));
}

// The spelling without what it takes.
std::vector<std::string> spellings(const CLI::App& app) {
  std::vector<std::string> all;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) all.push_back("--" + name);
  }
  return all;
}

}  // namespace

Options::Options(std::string name, std::string takes, std::string does)
    : parts_(new Parts{.name = std::move(name), .takes = std::move(takes), .app = CLI::App(does)}) {
  parts_->app.name(parts_->name);
  parts_->app.get_formatter()->column_width(30);
  parts_->app.set_help_flag("-h,--help", "Show this");
  parts_->app.allow_extras();
}

Options::~Options() = default;

void Options::flag(std::string spelling, bool& given, std::string does) {
  parts_->app.add_flag(std::move(spelling), given, std::move(does));
}

void Options::text(std::string spelling, std::string takes, std::optional<std::string>& value,
                   std::string does) {
  parts_->app
      .add_option_function<std::string>(
          std::move(spelling), [&value](const std::string& word) { value = word; }, std::move(does))
      ->type_name(std::move(takes));
}

void Options::texts(std::string spelling, std::string takes, std::vector<std::string>& values,
                    std::string does) {
  parts_->app.add_option(std::move(spelling), values, std::move(does))
      ->type_name(std::move(takes))
      ->type_size(1)
      ->allow_extra_args(false);
}

void Options::number(std::string spelling, std::string takes, uint64_t& value, uint64_t least,
                     uint64_t most, std::string does) {
  const auto read = [&value, least, most, spelling](const std::string& word) {
    const std::string wrong = read_number(word, least, most, value);
    if (!wrong.empty()) throw CLI::ValidationError(spelling + " " + wrong);
  };
  parts_->app.add_option_function<std::string>(std::move(spelling), read, std::move(does))
      ->type_name(std::move(takes));
}

void Options::word(std::string takes, std::string& value, std::string does) {
  parts_->app.add_option(std::move(takes), value, std::move(does))->required()->type_name("");
}

void Options::optional_word(std::string takes, std::string& value, std::string does) {
  parts_->app.add_option(std::move(takes), value, std::move(does))->type_name("");
}

void Options::rest(std::string takes, std::vector<std::string>& values, std::string does) {
  parts_->app.add_option(std::move(takes), values, std::move(does))->required()->type_name("");
}

void Options::example(std::string text) { parts_->app.footer(std::move(text)); }

std::optional<Options::Stop> Options::read(std::vector<std::string> words) {
  CLI::App& app = parts_->app;
  const auto wrong = [&](const std::string& what) {
    return Stop{.help = "",
                .wrong = parts_->name + ": " + what + "; `" + parts_->name +
                         " --help` shows what there is"};
  };
  if (std::ranges::any_of(words, [](const std::string& word) { return word.empty(); })) {
    return wrong("one of the words is empty; is a variable not set?");
  }
  std::ranges::reverse(words);
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return Stop{.help = app.help(), .wrong = ""};
  } catch (const CLI::RequiredError& error) {
    return wrong("it wants " + parts_->takes +
                 (std::string_view(error.what()).find("required") == std::string_view::npos
                      ? std::string(" (") + error.what() + ")"
                      : ""));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view what = error.what();
    const std::string name(what.substr(0, what.find(':')));
    const CLI::Option* option = app.get_option_no_throw(name);
    return wrong(option == nullptr ? error.what() : name + " takes one " + option->get_type_name());
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  std::vector<std::string> extras = app.remaining();
  std::erase(extras, "--");
  if (extras.empty()) return std::nullopt;
  const std::string& extra = extras.front();
  if (!extra.starts_with('-')) return wrong("`" + extra + "` is one word too many");
  const std::string near = nearest(extra.substr(0, extra.find('=')), spellings(app));
  return wrong("there is no option `" + extra + "`" +
               (near.empty() ? "" : ", did you mean `" + near + "`?"));
}

}  // namespace lexum
