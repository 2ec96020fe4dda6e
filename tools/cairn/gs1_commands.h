#pragma once
// `cairn gs1`: GS1 data read, checked and built, without a hub. Every command answers standard
// input line by line (line_answers.h) and returns the exit status. Main thread.

#include "core/base/result.h"

#include <string>

namespace cairn::tool {

/// Elements that exclude each other are an error, those that only need others are not.
struct Gs1ParseArguments {
  bool strict = false;    ///< both are
  bool warnings = false;  ///< neither is; all are listed in "warnings"
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

struct Gs1MeasureArguments {
  std::string scheme;        ///< se, uk, us or one of the file
  std::string schemes_file;  ///< lines of "SCHEME TEMPLATE KIND DECIMALS UNIT"; # begins a remark
  std::string config;        ///< an agent's configuration; its tables [[measure]] are the scheme
  std::string pattern;       ///< one template instead of a scheme, with the three that follow
  std::string kind = "price";
  int decimals = 2;
  std::string unit = "EUR";
};
/// Errors, about the call: kInvalid "bad_measure_template", kNotFound "no_scheme", "no_file".
Result<int> gs1_measure_command(const Gs1MeasureArguments& arguments);

}  // namespace cairn::tool
