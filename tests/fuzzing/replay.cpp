// Gives files to a target, one after the other: cairn_fuzz TARGET FILE|FOLDER... A file NAME.hex
// holds hexadecimal digits, any other one the octets themselves. The last name printed before the
// process ends is the culprit. Memory is bounded as well: what a target allocates at once for one
// input.

#include "tests/fuzzing/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <new>
#include <string>
#include <vector>

namespace {

std::size_t allocated = 0;  // octets now; counted only where no sanitizer does it
std::size_t most_allocated = 0;

}  // namespace

#ifndef __SANITIZE_ADDRESS__
void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  allocated += malloc_usable_size(memory);
  most_allocated = std::max(most_allocated, allocated);
  return memory;
}
void operator delete(void* memory) noexcept {
  allocated -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
#endif

namespace cairn::fuzz {
namespace {

/// A frame unpacks to 4 MiB at most, and lies there some times over; a bomb takes far more.
constexpr std::size_t kMemoryMost = 48U << 20U;

Bytes read_input(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes content{std::istreambuf_iterator<char>(file), {}};
  hold(file.good() || file.eof(), "the file can be read");
  if (path.extension() != ".hex") return content;
  std::erase_if(content, [](char c) { return c == '\n' || c == ' '; });
  const auto octets = from_hex(content);
  hold(octets.has_value(), "a .hex file holds hexadecimal digits");
  return *octets;
}

std::vector<std::filesystem::path> files_of(int count, char** paths) {
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < count; ++i) {
    const std::filesystem::path path = paths[i];
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

int replay(std::string_view name, int count, char** paths) {
  const Target target = find_target(name);
  hold(target != nullptr, "the target is one of tests/fuzzing/targets.cpp");
  const auto files = files_of(count, paths);
  hold(!files.empty(), "there are inputs");
  for (const auto& file : files) {
    const Bytes input = read_input(file);
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    const std::size_t before = allocated;
    most_allocated = allocated;
    target(input);
    hold(most_allocated - before <= kMemoryMost, "an input takes little memory");
  }
  std::printf("%zu inputs\n", files.size());
  return 0;
}

}  // namespace
}  // namespace cairn::fuzz

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: cairn_fuzz TARGET FILE|FOLDER...\n", stderr);
    return 2;
  }
  return cairn::fuzz::replay(argv[1], argc - 2, argv + 2);
}
