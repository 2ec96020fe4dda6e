#include "core/storage/audit_anchor.h"

#include "core/base/numbers.h"
#include "core/storage/durable_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::storage {
namespace {

constexpr std::string_view kAnchorTitle = "cairn-audit-anchor 1";

}  // namespace

std::string audit_head_text(const AuditHead& head) {
  return fmt::format("{}:{}", head.seq, to_hex(crypto::to_bytes(head.hash)));
}

Result<AuditHead> parse_audit_head(std::string_view text) {
  const auto colon = text.find(':');
  AuditHead head;
  if (colon != std::string_view::npos) {
    const auto seq = parse_unsigned(text.substr(0, colon));
    const auto hash = from_hex(text.substr(colon + 1));
    if (seq && hash && hash->size() == head.hash.size()) {
      head.seq = *seq;
      std::ranges::transform(*hash, head.hash.begin(),
                             [](char c) { return static_cast<std::uint8_t>(c); });
      return head;
    }
  }
  return fail(ErrorCode::kInvalid, "bad_audit_head",
              "the end of an audit trail is its number, a colon and 64 hexadecimal digits, as "
              "`cairn audit verify` prints it");
}

std::optional<AuditHead> AuditAnchor::read() const {
  if (file_.empty()) return std::nullopt;
  const auto text = read_file(file_);
  if (!text) return std::nullopt;
  const std::string start = fmt::format("{}\n{}\n", kAnchorTitle, node_.value().text());
  if (!text->starts_with(start) || !text->ends_with('\n')) return std::nullopt;
  const auto head = parse_audit_head(
      std::string_view(*text).substr(start.size(), text->size() - start.size() - 1));
  return head ? std::optional(*head) : std::nullopt;
}

Result<> AuditAnchor::write(const AuditHead& head) const {
  if (file_.empty()) return {};
  return replace_file(file_, fmt::format("{}\n{}\n{}\n", kAnchorTitle, node_.value().text(),
                                         audit_head_text(head)));
}

}  // namespace cairn::storage
