// A disk in memory, for tests: it can be looked into, spoilt, full or forbidden.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "store/files.h"

namespace lexum {

class MemoryFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    if (denied) return Error{.code = ErrorCode::kDenied, .what = "cannot create " + path};
    auto& bytes = files_[path];
    bytes = std::make_shared<std::string>();
    return std::unique_ptr<File>(new Open(bytes, room_));
  }
  Result<std::unique_ptr<File>> open(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot open " + path};
    }
    return std::unique_ptr<File>(new Open(found->second, room_));
  }

  Result<std::unique_ptr<File>> open_at(const std::string& path, uint64_t end) override {
    const auto found = files_.find(path);
    if (found == files_.end()) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot open " + path};
    }
    return std::unique_ptr<File>(new Open(found->second, room_, end));
  }
  // There are no folders but in the names of files.
  Status make_folder(const std::string&) override { return Done{}; }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : files_) {
      if (folder_of(path) == folder) names.push_back(path.substr(folder.size() + 1));
    }
    return names;
  }
  Status rename(const std::string& from, const std::string& to) override {
    const auto found = files_.find(from);
    if (found == files_.end()) {
      return Error{.code = ErrorCode::kNotFound, .what = "cannot rename " + from};
    }
    files_[to] = found->second;
    files_.erase(from);
    return Done{};
  }
  Status remove(const std::string& path) override {
    if (files_.erase(path) == 1) return Done{};
    return Error{.code = ErrorCode::kNotFound, .what = "cannot remove " + path};
  }
  Status sync_folder(const std::string&) override { return Done{}; }

  // What stands in a file. It may be changed; those who have it open see that.
  std::string& operator[](const std::string& path) {
    auto& bytes = files_[path];
    if (bytes == nullptr) bytes = std::make_shared<std::string>();
    return *bytes;
  }
  // From now on so many more bytes can be written, in all files together.
  void leave_room(size_t bytes) { *room_ = bytes; }

  bool denied = false;

 private:
  class Open final : public File {
   public:
    Open(std::shared_ptr<std::string> bytes, std::shared_ptr<size_t> room,
         uint64_t end = UINT64_MAX)
        : bytes_(std::move(bytes)),
          room_(std::move(room)),
          end_(std::min<uint64_t>(end, bytes_->size())) {}
    Status append(Bytes bytes) override {
      const size_t written = std::min(bytes.size(), *room_);
      if (end_ > bytes_->size()) bytes_->resize(end_);
      bytes_->replace(end_, written, as_text(bytes.first(written)));
      end_ += written;
      *room_ -= written;
      if (written == bytes.size()) return Done{};
      return Error{.code = ErrorCode::kFull, .what = "cannot write: no room is left"};
    }
    Result<size_t> read(uint64_t offset, std::span<std::byte> into) const override {
      if (offset >= bytes_->size()) return size_t{0};
      const size_t size = std::min<size_t>(into.size(), bytes_->size() - offset);
      if (size > 0) std::memcpy(into.data(), bytes_->data() + offset, size);
      return size;
    }
    Result<uint64_t> size() const override { return uint64_t{bytes_->size()}; }
    Status sync() override { return Done{}; }
    Status cut(uint64_t size) override {
      bytes_->resize(size);
      end_ = size;
      return Done{};
    }

   private:
    std::shared_ptr<std::string> bytes_;
    std::shared_ptr<size_t> room_;
    size_t end_;
  };

  std::map<std::string, std::shared_ptr<std::string>> files_;
  std::shared_ptr<size_t> room_ = std::make_shared<size_t>(SIZE_MAX);
};

}  // namespace lexum
