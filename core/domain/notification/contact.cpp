#include "core/domain/notification/contact.h"

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr std::size_t kLocalMost = 64;
constexpr std::size_t kLabelMost = 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

/// RFC 5322, 3.2.3: atext.
bool is_atom_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLabelMost && label.front() != '-' &&
         label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// Calls `is_sound` for each part between dots. False as soon as one is not.
template <class Sound>
bool all_parts(std::string_view text, Sound is_sound) {
  while (true) {
    const auto dot = text.find('.');
    if (!is_sound(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view text) {
  return text.size() <= kLocalMost && all_parts(text, [](std::string_view atom) {
           return !atom.empty() && std::ranges::all_of(atom, is_atom_character);
         });
}

bool is_host(std::string_view text) {
  const auto last_dot = text.rfind('.');
  if (last_dot == std::string_view::npos || !all_parts(text, is_label)) return false;
  return std::ranges::any_of(text.substr(last_dot + 1), is_letter);
}

}  // namespace

std::string_view name_of(NoticeLanguage language) {
  switch (language) {
    case NoticeLanguage::kEnglish:
      return "en";
    case NoticeLanguage::kGerman:
      return "de";
  }
  return "";
}

Result<NoticeLanguage> parse_notice_language(std::string_view text) {
  for (const auto language : {NoticeLanguage::kEnglish, NoticeLanguage::kGerman}) {
    if (name_of(language) == text) return language;
  }
  return fail(ErrorCode::kInvalid, "bad_language", "a language is en or de");
}

std::string_view name_of(NoticeChannel channel) {
  switch (channel) {
    case NoticeChannel::kEmail:
      return "EMAIL";
    case NoticeChannel::kWebhook:
      return "WEBHOOK";
  }
  return "";
}

Result<NoticeChannel> parse_notice_channel(std::string_view text) {
  for (const auto channel : {NoticeChannel::kEmail, NoticeChannel::kWebhook}) {
    if (name_of(channel) == text) return channel;
  }
  return fail(ErrorCode::kInvalid, "bad_notice_channel",
              "a channel of notices is EMAIL or WEBHOOK");
}

Result<> check_email(std::string_view address) {
  const auto at = address.find('@');
  const bool sound = address.size() <= kEmailMost && at != std::string_view::npos &&
                     is_local_part(address.substr(0, at)) && is_host(address.substr(at + 1));
  if (sound) return {};
  // The address itself is in no message: messages are logged.
  return fail(ErrorCode::kInvalid, "bad_email",
              "an e-mail address is like name@example.com, of at most 254 ASCII characters");
}

Result<> validate(const OrderContact& contact) {
  if (contact.channel == NoticeChannel::kWebhook && contact.email.empty()) return {};
  return check_email(contact.email);
}

}  // namespace cairn::domain
