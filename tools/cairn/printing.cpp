#include "tools/cairn/printing.h"

#include "core/base/utf8.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <system_error>

namespace cairn::tool {
namespace {

constexpr std::size_t kSentenceMost = 1000;

int first_error = 0;  // of standard output; 0: none so far

struct Range {
  char32_t first = 0;
  char32_t last = 0;
};

// Controls (C0, DEL and C1), separators of lines and paragraphs, marks and overrides of the
// direction in which text runs (Unicode 15, chapter 23).
constexpr std::array<Range, 7> kUnshown = {{{0x00, 0x1F},
                                            {0x7F, 0x9F},
                                            {0x061C, 0x061C},
                                            {0x200E, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2066, 0x2069},
                                            {0xFEFF, 0xFEFF}}};

bool is_shown(char32_t character) {
  return std::ranges::none_of(kUnshown, [character](const Range& range) {
    return range.first <= character && character <= range.last;
  });
}

std::string written_out(char32_t character) {
  switch (character) {
    case U'\n':
      return "\\n";
    case U'\r':
      return "\\r";
    case U'\t':
      return "\\t";
    default:
      return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character));
  }
}

/// The octets of the character that begins the text, or 1 where none does.
std::size_t first_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t size = 1;
  if (lead >= 0xC0) size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

/// A character in its UTF-8 form; nothing if that is malformed.
std::optional<char32_t> decoded(std::string_view octets) {
  if (octets == std::string_view("\0", 1)) return U'\0';  // is_utf8 takes no NUL
  if (!is_utf8(octets)) return std::nullopt;
  constexpr std::array<unsigned, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  auto character =
      static_cast<char32_t>(static_cast<unsigned char>(octets[0]) & kLeadBits.at(octets.size()));
  for (const char c : octets.substr(1)) {
    character = (character << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return character;
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view next = text.substr(0, first_size(text));
    const auto character = decoded(next);
    if (!character) next = text.substr(0, 1);
    if (!character) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(next[0]));
    } else if (is_shown(*character)) {
      out += next;
    } else {
      out += written_out(*character);
    }
    text.remove_prefix(next.size());
  }
  return out;
}

std::string sentence(std::string_view text) {
  if (text.size() <= kSentenceMost) return visible(text);
  std::size_t most = kSentenceMost;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return visible(text.substr(0, most)) + fmt::format(" ... ({} octets)", text.size());
}

void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // For reading only, so that writing to it fails as it did to a closed one.
    if (::fcntl(stream, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

void print_text(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() || first_error != 0) return;
  first_error = errno;
}

void remark_text(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

void flush_printing() {
  if (std::fflush(stdout) != 0 && first_error == 0) first_error = errno;
}

bool can_print() { return std::ferror(stdout) == 0; }

Result<> finish_printing() {
  if (std::fflush(stdout) != 0 && first_error == 0) first_error = errno;
  if (can_print() && first_error == 0) return {};
  if (first_error == EPIPE) {
    return fail(ErrorCode::kUnavailable, "no_reader", "nobody reads what is printed");
  }
  return fail(ErrorCode::kUnavailable, "not_printed",
              fmt::format("the output could not be written: {}; what the command was to change is "
                          "changed",
                          first_error == 0 ? "only a part of it was taken"
                                           : std::generic_category().message(first_error)));
}

}  // namespace cairn::tool
