#pragma once
// What Protobuf and zstd take for a record of ours when nobody looks at it: a message that is
// reused, no check, no value of our own.

#include <string>
#include <string_view>
#include <vector>

namespace cairn::bench::raw {

class Codec {
 public:
  Codec();
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ~Codec();

  /// Parses a record and its movement of stock.
  void parse(std::string_view record);
  /// Writes what was parsed last, as one message in another.
  const std::string& serialize();

 private:
  struct Messages;
  Messages* messages_;
};

/// zstd at level 1 of the records end to end, and back.
std::string pack(const std::vector<std::string>& records);
std::string unpack(std::string_view packed, std::size_t size);

}  // namespace cairn::bench::raw
