#include "tools/cairn/line_answers.h"

#include "core/gs1/character_sets.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/gs1_json.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <istream>
#include <optional>
#include <streambuf>

namespace cairn::tool {
namespace {

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Line {
  std::string text;
  bool whole = true;  ///< false: it was longer than kLineMost
};

/// The next line, of which no more is kept than kLineMost; nullopt at the end of the input.
std::optional<Line> next_line(std::streambuf& input) {
  using Traits = std::streambuf::traits_type;
  Line line;
  auto c = input.sbumpc();
  if (Traits::eq_int_type(c, Traits::eof())) return std::nullopt;
  for (; !Traits::eq_int_type(c, Traits::eof()); c = input.sbumpc()) {
    const char octet = Traits::to_char_type(c);
    if (octet == '\n') break;
    if (line.text.size() < kLineMost) {
      line.text += octet;
    } else {
      line.whole = false;
    }
  }
  if (line.text.ends_with('\r')) line.text.pop_back();
  return line;
}

json::Value answer_to(const Line& line,
                      const std::function<json::Value(std::string_view)>& answer) {
  if (!line.whole) {
    return fault_json({gs1::FaultCode::kLength,
                       fmt::format("the line is longer than {} octets", kLineMost), kLineMost});
  }
  const auto data = without_escapes(line.text);
  return data ? answer(*data) : fault_json(data.error());
}

}  // namespace

gs1::Parsed<std::string> without_escapes(std::string_view line) {
  std::string data;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      data += line[i];
      continue;
    }
    if (line.substr(i + 1).starts_with('\\')) {
      data += '\\';
      ++i;
      continue;
    }
    const bool number = line.substr(i + 1).starts_with('x') && i + 3 < line.size();
    const int high = number ? hexadecimal(line[i + 2]) : -1;
    const int low = number ? hexadecimal(line[i + 3]) : -1;
    if (high < 0 || low < 0) {
      return gs1::fault(gs1::FaultCode::kEscape,
                        "a backslash is written \\\\, any octet \\x and two hexadecimal digits", i);
    }
    data += static_cast<char>(high * 16 + low);
    i += 3;
  }
  return data;
}

int answer_lines(const std::function<json::Value(std::string_view)>& answer) {
  std::streambuf& input = *std::cin.rdbuf();
  while (const auto line = next_line(input)) {
    print("{}\n", answer_to(*line, answer).dump());
    std::fflush(stdout);
    if (!can_print()) return kNotDone;
  }
  return kDone;
}

}  // namespace cairn::tool
