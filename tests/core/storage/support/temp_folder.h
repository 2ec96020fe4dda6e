#pragma once
// An empty folder of one's own, in memory where the machine has such a place; removed with all it
// contains.

#include "core/base/assert.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace cairn::storage::test {

class TempFolder {
 public:
  TempFolder() {
    const bool shm = std::filesystem::is_directory("/dev/shm");
    const auto base =
        shm ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string name = (base / "cairn-test-XXXXXX").string();
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

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, const std::string& octets) {
  std::ofstream(path, std::ios::binary) << octets;
}

}  // namespace cairn::storage::test
