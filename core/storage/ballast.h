#pragma once
// A file that only takes up room. When the disk is full it is given up, so that what people are
// doing now can still be saved; it is taken again when there is room. Loop only.

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace cairn::storage {

class Ballast {
 public:
  /// `size` in octets; 0: none is ever held.
  Ballast(std::string path, std::uint64_t size) : path_(std::move(path)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// It is there in full.
  [[nodiscard]] bool held() const;
  /// Takes the room, really and not as a hole. Errors: kUnavailable "no_ballast": nothing is taken.
  [[nodiscard]] Result<> hold() const;
  /// Gives it up. False: there was nothing to give.
  [[nodiscard]] bool release() const;

 private:
  std::string path_;
  std::uint64_t size_;
};

}  // namespace cairn::storage
