#pragma once
// A text file compiled into the program (cmake/embed.cmake).

#include <string_view>

namespace cairn {

struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

}  // namespace cairn
