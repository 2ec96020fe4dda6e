#pragma once
// What the tool prints. Text from elsewhere (a hub, a file) cannot steer the terminal, and it is
// noticed when nobody takes what is printed. Every command prints through here. Main thread.

#include "core/base/result.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace cairn::tool {

/// `text` in one line that only shows itself: control characters, line separators and direction
/// marks become \n, \t or \u001b (as in JSON, where they may stand in strings), octets that are not
/// UTF-8 \xff.
std::string visible(std::string_view text);

/// The same for a sentence that somebody else wrote: a very long one is cut and says so.
std::string sentence(std::string_view text);

/// Puts the standard streams that were closed before the start out of reach: nothing that is opened
/// later gets their numbers and what was meant for people. First in main().
void hold_standard_streams();

/// On standard output. What cannot be written is dropped; can_print() and finish_printing() know.
void print_text(std::string_view text);
template <class... Args>
void print(fmt::format_string<Args...> format, Args&&... args) {
  print_text(fmt::format(format, std::forward<Args>(args)...));
}

/// On standard error, where nobody may be listening.
void remark_text(std::string_view text);
template <class... Args>
void remark(fmt::format_string<Args...> format, Args&&... args) {
  remark_text(fmt::format(format, std::forward<Args>(args)...));
}

/// Hands on now what was printed so far.
void flush_printing();

/// False: standard output has taken something no more, so that there is no use in going on.
bool can_print();

/// Last in main(): whether all that was printed has been taken, also by std::cout.
/// Errors: kUnavailable "no_reader" (`cairn log show | head`), "not_printed" (a full disk).
Result<> finish_printing();

}  // namespace cairn::tool
