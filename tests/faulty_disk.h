// A disk that dies after so many changes, and what is there when the machine is started again: all
// of it where only the process was killed; where the power went, what was synced, and of the rest
// whatever sectors and names happened to get there.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "store/files.h"

namespace lexum {

class FaultyDisk final : public Files {
 public:
  // It does so many things that change it, the last one by half, and from then on nothing.
  void die_after(uint64_t changes) { left_ = changes; }
  [[nodiscard]] uint64_t changes() const { return done_; }
  // Of the syncs that come, each so manieth says that it has been done, and has not.
  void forget_each(uint64_t sync) { forget_each_ = sync; }

  enum class Loss : uint8_t { kProcess, kPower };
  // The machine is started again.
  void come_back(Loss loss, std::mt19937_64& random) {
    left_ = UINT64_MAX;
    if (loss == Loss::kProcess) return;
    if (random() % 2 == 0) names_ = kept_names_;
    kept_names_ = names_;
    for (auto& [path, file] : names_) lose(*file, random);
  }
  // What stands in a file, for good.
  std::string& operator[](const std::string& path) { return names_.at(path)->now; }
  void keep_all() {
    kept_names_ = names_;
    for (auto& [path, file] : names_) file->kept = file->now;
  }

  Result<std::unique_ptr<File>> create(const std::string& path) override {
    const std::scoped_lock lock(mutex_);
    if (!change()) return dead();
    auto& file = names_[path];
    if (file == nullptr) file = std::make_shared<Content>();
    file->now.clear();
    return std::unique_ptr<File>(new Open(*this, file, 0));
  }
  Result<std::unique_ptr<File>> open(const std::string& path) override { return open_at(path, 0); }
  Result<std::unique_ptr<File>> open_at(const std::string& path, uint64_t end) override {
    const std::scoped_lock lock(mutex_);
    const auto found = names_.find(path);
    if (found == names_.end()) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot open " + path};
    }
    return std::unique_ptr<File>(new Open(*this, found->second, end));
  }
  Status make_folder(const std::string&) override { return Done{}; }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [path, file] : names_) {
      if (folder_of(path) == folder) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  }
  Status rename(const std::string& from, const std::string& to) override {
    const std::scoped_lock lock(mutex_);
    if (!names_.contains(from)) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot rename " + from};
    }
    if (!change()) return dead();
    names_[to] = names_[from];
    names_.erase(from);
    return Done{};
  }
  Status remove(const std::string& path) override {
    const std::scoped_lock lock(mutex_);
    if (!names_.contains(path)) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot remove " + path};
    }
    if (!change()) return dead();
    names_.erase(path);
    return Done{};
  }
  Status sync_folder(const std::string&) override {
    const std::scoped_lock lock(mutex_);
    if (!change()) return dead();
    kept_names_ = names_;
    return Done{};
  }

 private:
  struct Content {
    std::string now;
    std::string kept;  // what no loss of power takes away
  };
  class Open final : public File {
   public:
    Open(FaultyDisk& disk, std::shared_ptr<Content> file, uint64_t end)
        : disk_(disk), file_(std::move(file)), end_(end) {}
    Status append(Bytes bytes) override {
      const std::scoped_lock lock(disk_.mutex_);
      const bool whole = disk_.change();
      const size_t some = whole ? bytes.size() : disk_.dying_ ? bytes.size() / 2 : 0;
      if (end_ + some > file_->now.size()) file_->now.resize(end_ + some);
      file_->now.replace(end_, some, as_text(bytes.first(some)));
      end_ += some;
      return whole ? Status(Done{}) : Status(dead());
    }
    Result<size_t> read(uint64_t offset, std::span<std::byte> into) const override {
      const std::scoped_lock lock(disk_.mutex_);
      if (offset >= file_->now.size()) return size_t{0};
      const size_t size = std::min<size_t>(into.size(), file_->now.size() - offset);
      const Bytes bytes = as_bytes(file_->now);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), size, into.begin());
      return size;
    }
    Result<uint64_t> size() const override {
      const std::scoped_lock lock(disk_.mutex_);
      return uint64_t{file_->now.size()};
    }
    Status sync() override {
      const std::scoped_lock lock(disk_.mutex_);
      if (!disk_.change()) return dead();
      const bool forgets = disk_.forget_each_ != 0 && ++disk_.syncs_ % disk_.forget_each_ == 0;
      if (!forgets) file_->kept = file_->now;
      return Done{};
    }
    Status cut(uint64_t size) override {
      const std::scoped_lock lock(disk_.mutex_);
      if (!disk_.change()) return dead();
      file_->now.resize(size);
      end_ = size;
      return Done{};
    }

   private:
    FaultyDisk& disk_;
    std::shared_ptr<Content> file_;
    uint64_t end_;
  };

  static Error dead() { return {.code = ErrorCode::kIo, .what = "the disk has died"}; }
  bool change() {
    dying_ = false;
    if (left_ == 0) return false;
    ++done_;
    dying_ = --left_ == 0;
    return !dying_;
  }

  // Sector by sector, what was not synced is there or not.
  static void lose(Content& file, std::mt19937_64& random) {
    if (file.now == file.kept) return;
    constexpr size_t kSector = 512;
    std::string left = file.kept;
    if (random() % 2 == 0) left.resize(file.now.size());
    const size_t both = std::min(left.size(), file.now.size());
    for (size_t at = 0; at < both; at += kSector) {
      const size_t size = std::min(kSector, both - at);
      if (random() % 2 == 0) left.replace(at, size, file.now, at, size);
    }
    file.now = file.kept = left;
  }

  std::recursive_mutex mutex_;  // guards what follows
  std::map<std::string, std::shared_ptr<Content>> names_;
  std::map<std::string, std::shared_ptr<Content>> kept_names_;
  uint64_t left_ = UINT64_MAX;
  uint64_t done_ = 0;
  uint64_t forget_each_ = 0;
  uint64_t syncs_ = 0;
  bool dying_ = false;
};

}  // namespace lexum
