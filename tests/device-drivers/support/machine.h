#pragma once
// What these tests take from the machine: real time, as real ptys and threads do, and a folder.

#include "core/base/assert.h"
#include "core/base/time.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace cairn::devices::test {

class MachineClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc_now() const override {
    return {micros(std::chrono::system_clock::now().time_since_epoch())};
  }
  [[nodiscard]] MonoTime mono_now() const override {
    return {micros(std::chrono::steady_clock::now().time_since_epoch())};
  }

 private:
  template <class Since>
  static std::int64_t micros(Since since) {
    return std::chrono::duration_cast<Duration>(since).count();
  }
};

/// An empty folder of one's own, removed with all it contains.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "cairn-devices-XXXXXX").string();
    CAIRN_ASSERT(::mkdtemp(name.data()) != nullptr, "tests need a temporary folder");
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace cairn::devices::test
