#include "core/storage/rollback_guard.h"

#include "core/base/numbers.h"
#include "core/storage/durable_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace cairn::storage {
namespace {

constexpr std::string_view kTitle = "cairn-guard 1";

}  // namespace

bool is_older(const std::vector<OwnIncarnation>& incarnations, std::uint64_t head,
              std::uint64_t commands, const GuardMark& mark) {
  if (incarnations.empty()) return false;
  if (incarnations.back().inc == mark.inc) {
    return mark.head > head || mark.commands > commands;
  }
  return std::none_of(incarnations.begin(), incarnations.end(),
                      [&mark](const OwnIncarnation& own) { return own.inc == mark.inc; });
}

std::optional<GuardMark> RollbackGuard::read() const {
  if (file_.empty()) return std::nullopt;
  std::ifstream in(file_);
  std::string title;
  std::string node;
  std::string inc;
  std::string head;
  const bool whole = std::getline(in, title) && std::getline(in, node) && std::getline(in, inc) &&
                     std::getline(in, head);
  if (!whole || title != kTitle || node != node_.value().text()) return std::nullopt;
  const auto inc_number = parse_unsigned(inc);
  const auto head_number = parse_unsigned(head);
  if (!inc_number || !head_number) return std::nullopt;
  std::string labels;
  std::string commands;
  std::getline(in, labels);
  std::getline(in, commands);
  return GuardMark{Incarnation(*inc_number), *head_number, parse_unsigned(labels).value_or(0),
                   parse_unsigned(commands).value_or(0)};
}

Result<> RollbackGuard::write(const GuardMark& mark) const {
  if (file_.empty()) return {};
  const auto written =
      replace_file(file_, fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n", kTitle, node_.value().text(),
                                      mark.inc.value(), mark.head, mark.labels, mark.commands));
  if (written) return {};
  return fail(ErrorCode::kUnavailable, "guard_file",
              written.error().message +
                  "; work goes on, a restored database is noticed only when the hub is reached");
}

}  // namespace cairn::storage
