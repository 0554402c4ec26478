// What a frame of the window costs, without drawing it: ten million cycles of a thousand instances,
// at every zoom from all of it to a few cycles, scrubbed and moved about. `p50`, `p99` are ms on
// the clock; `vertices` and `edges` the most that any frame had.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

#include <imgui.h>
#include <unistd.h>

#include "mixed_trace.h"
#include "once.h"
#include "platform/off_screen.h"
#include "theme/theme.h"
#include "views/picture.h"

namespace lexum {
namespace {

// A window that nobody sees.
class Blind {
 public:
  Blind() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    use_theme(Theme::kDark, 1);
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    session_ = std::move(*Session::open(disk(), mixed_trace().path(), looking_));
    desk_ = std::make_unique<Desk>(*session_, Desk::Surveys::kByThread);
    picture_ = std::make_unique<Picture>(*desk_);
  }
  ~Blind() {
    surface_.reset();
    ImGui::DestroyContext();
  }
  Blind(const Blind&) = delete;
  Blind& operator=(const Blind&) = delete;

  // And is drawn, by whatever there is, into memory.
  void draw_too() { surface_ = std::move(*OffScreen::create(1600, 900)); }

  // How many ms it took.
  double frame() {
    const auto begin = Clock::now();
    if (surface_) surface_->begin_frame();
    ImGui::GetIO().DisplaySize = {1600, 900};
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    picture_->draw();
    ImGui::Render();
    if (surface_) {
      surface_->end_frame();
      benchmark::DoNotOptimize(surface_->pixels().size());  // when they are there, it is drawn
    }
    const double took = ms_since(begin);
    vertices = std::max(vertices, ImGui::GetDrawData()->TotalVtxCount);
    return took;
  }
  void sum_up() {
    while (picture_->is_busy()) frame();
  }
  // And all of the run has been read, and a field of somebody is plotted.
  void survey() {
    sum_up();
    desk_->plot("seed");
    while (!desk_->scene().survey.is_done()) frame();
    frame();
  }
  [[nodiscard]] Desk& desk() { return *desk_; }

  int vertices = 0;

 private:
  const Looking looking_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Picture> picture_;
  std::unique_ptr<OffScreen> surface_;
};

void tell(benchmark::State& state, std::vector<double> took, const Blind& blind) {
  std::ranges::sort(took);
  state.counters["p50"] = took[took.size() / 2];
  state.counters["p95"] = took[took.size() * 95 / 100];
  state.counters["p99"] = took[took.size() * 99 / 100];
  state.counters["vertices"] = blind.vertices;
}

// What the process has in memory now.
double resident_mb() {
  std::ifstream status("/proc/self/statm");
  uint64_t all = 0;
  uint64_t resident = 0;
  status >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

void first_frame(benchmark::State& state) {
  mixed_trace();
  for (auto _ : state) {
    const auto begin = Clock::now();
    Blind blind;
    blind.frame();
    state.SetIterationTime(seconds_since(begin));
  }
}

void all_summed_up(benchmark::State& state) {
  for (auto _ : state) {
    Blind blind;
    const auto begin = Clock::now();
    std::vector<double> took;
    do took.push_back(blind.frame());
    while (took.size() < 1000 && blind.desk().scene().lanes.is_partial());
    state.SetIterationTime(seconds_since(begin));
    tell(state, std::move(took), blind);
  }
}

// By the thread, while frames are built; MB that the process has then.
void all_surveyed(benchmark::State& state) {
  for (auto _ : state) {
    Blind blind;
    const auto begin = Clock::now();
    std::vector<double> took;
    while (!blind.desk().scene().survey.is_done()) {
      took.push_back(blind.frame());
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
    state.SetIterationTime(seconds_since(begin));
    tell(state, std::move(took), blind);
    state.counters["resident_mb"] = resident_mb();
  }
}

// From all of the run to single cycles; at each zoom it is moved about.
void zooms(benchmark::State& state, bool drawn) {
  Blind blind;
  if (drawn) blind.draw_too();
  blind.survey();
  std::mt19937_64 random(1);
  std::vector<double> took;
  size_t edges = 0;
  for (auto _ : state) {
    double sum = 0;
    for (int zoom = 0; zoom < 60; ++zoom) {
      for (int i = 0; i < 10; ++i) {
        blind.desk().axis().pan(static_cast<double>(random() % 400) - 200);
        took.push_back(blind.frame());
        sum += took.back();
        edges = std::max(edges, blind.desk().scene().edges.seen(blind.desk().axis()).size());
      }
      blind.desk().axis().zoom(1.3, 800);
    }
    state.SetIterationTime(sum * 1e-3);
  }
  tell(state, std::move(took), blind);
  state.counters["resident_mb"] = resident_mb();
  state.counters["edges"] = static_cast<double>(edges);
}

// Close up, a step a frame; and from far, to anywhere.
void steps(benchmark::State& state, const char* from, bool far) {
  Blind blind;
  blind.sum_up();
  blind.desk().say(from);
  const uint64_t cycle = blind.desk().session().at().cycle;
  if (!far) blind.desk().axis().show(cycle, cycle + 100);
  std::mt19937_64 random(1);
  std::vector<double> took;
  for (auto _ : state) {
    double sum = 0;
    for (int i = 0; i < 200; ++i) {
      const auto begin = Clock::now();
      const uint64_t last = blind.desk().session().trace().cycles();
      blind.desk().say(far ? "goto " + std::to_string(random() % last) : "step");
      blind.frame();
      took.push_back(ms_since(begin));
      sum += took.back();
    }
    state.SetIterationTime(sum * 1e-3);
  }
  tell(state, std::move(took), blind);
}

BENCHMARK(first_frame)->Apply(once);
BENCHMARK(all_summed_up)->Apply(once);
BENCHMARK(all_surveyed)->Apply(once);
BENCHMARK_CAPTURE(zooms, built, false)->Apply(once);
BENCHMARK_CAPTURE(zooms, drawn, true)->Apply(once);
BENCHMARK_CAPTURE(steps, close, "goto 50%", false)->Apply(once);
BENCHMARK_CAPTURE(steps, anywhere, "goto 50%", true)->Apply(once);

}  // namespace
}  // namespace lexum
