#pragma once
// `cairn gs1`: GS1 data read, checked and built, without a hub. Every command answers standard
// input line by line (line_answers.h) and returns the exit status. Main thread.

#include <string>

namespace cairn::tool {

struct Gs1ParseArguments {
  bool strict = false;    ///< broken associations of elements are errors
  bool warnings = false;  ///< they are listed in "warnings"
};
int gs1_parse_command(const Gs1ParseArguments& arguments);

struct Gs1LinkArguments {
  bool build = false;
  std::string domain;  ///< build: empty: the canonical one
  bool lenient = false;
  bool strict = false;
};
int gs1_link_command(const Gs1LinkArguments& arguments);

int gs1_check_command();
int gs1_upce_command();

}  // namespace cairn::tool
