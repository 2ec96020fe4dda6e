#include "core/base/utf8.h"
#include "core/domain/fulfilment/detail/decisions.h"
#include "core/domain/fulfilment/weigh_check.h"
#include "core/domain/label/label_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cairn::domain::detail {
namespace {

/// What is packed must be in the tote.
Result<> check_contents(const ShipGroup& group, const std::vector<LineUnits>& contents) {
  if (contents.empty()) return fail(ErrorCode::kInvalid, "bad_quantity", "a package is not empty");
  std::set<LineNo> seen;
  for (const LineUnits& units : contents) {
    const auto line = line_of(group, units.line);
    if (!line) return fail(line.error());
    if (auto ok = check_quantity(**line, units.milli); !ok) return ok;
    if (!seen.insert(units.line).second) {
      return fail(ErrorCode::kInvalid, "bad_quantity", "a line is named once in a package");
    }
    if (units.milli > (*line)->in.picked_milli) {
      return fail(ErrorCode::kRejected, "not_in_tote",
                  fmt::format("{}: only {} are picked and not packed", (*line)->line.name,
                              milli_text((*line)->in.picked_milli)));
    }
  }
  return {};
}

tl::unexpected<Error> mismatch(const ShipGroup& group, const WeighResult& weighed,
                               std::int64_t weight_mg) {
  std::string why = "the weight does not match; scan the units again";
  if (weighed.missing) {
    const auto& line = *group.find(weighed.missing->line);
    why = fmt::format("{} x {} seems to be missing", milli_text(weighed.missing->milli),
                      line.line.name);
  }
  return fail(ErrorCode::kRejected, "weight_mismatch",
              fmt::format("{}: {} expected, {} weighed", why, mass_text(weighed.expected_mg),
                          mass_text(weight_mg)));
}

bool single_unit(const std::vector<LineUnits>& contents) {
  return contents.size() == 1 && contents.front().milli == kMilliPerUnit;
}

Result<const Package*> package_of(const ShipGroup& group, const EventRef& package) {
  const Package* const found = group.find_package(package);
  if (found != nullptr) return found;
  return fail(ErrorCode::kNotFound, "no_such_package",
              fmt::format("order {} has no such package", group.order_reference));
}

tl::unexpected<Error> label_refusal(const Package& package) {
  const auto no = [](std::string reason, std::string message) {
    return fail(ErrorCode::kRejected, std::move(reason), std::move(message));
  };
  switch (package.label) {
    case LabelStatus::kNone:
      return no("not_labelled", "the package has no numbers yet");
    case LabelStatus::kPrinting:
      return no("label_printing", "the label is being printed; wait for its end");
    case LabelStatus::kPrinted:
      return no("label_printed", "the label was printed already: it is never printed twice");
    default:
      return no("label_unknown",
                "nobody knows whether the label came out: look, then say so, before it is printed");
  }
}

}  // namespace

Result<Events> decide(const ShipGroup& group, const ClosePackage& close,
                      const DecideContext& context) {
  if (group.method == FulfilmentMethod::kPickup) return refuse("is_a_pickup", group);
  if (auto ok = check_contents(group, close.lines); !ok) return fail(ok.error());
  const WeighResult weighed = weigh_check(group, close.lines, close.weight_mg);
  if (close.weight_mg <= 0) {
    return fail(ErrorCode::kInvalid, "bad_weight", "a package weighs more than nothing");
  }
  const bool heavy = std::max(close.weight_mg, weighed.expected_mg) >
                     kPackageMostMg + weigh_tolerance_mg(kPackageMostMg);
  if (heavy && !single_unit(close.lines)) {
    return fail(
        ErrorCode::kRejected, "package_too_heavy",
        fmt::format("a package has at most {}; take something out", mass_text(kPackageMostMg)));
  }
  PackageClosed closed{close.lines,           close.weight_mg, weighed.expected_mg,
                       WeightCheck::kMatched, UserId{},        ""};
  if (!weighed.checked) closed.check = WeightCheck::kNotChecked;
  if (!weighed.matches) {
    if (!close.approval) return mismatch(group, weighed, close.weight_mg);
    if (auto ok = check_approval(*close.approval, context); !ok) return fail(ok.error());
    closed.check = WeightCheck::kOverridden;
    closed.approved_by = close.approval->by;
    closed.reason = close.approval->reason;
  }
  return Events{std::move(closed)};
}

Result<Events> decide(const ShipGroup& group, const AssignLabel& assign, const DecideContext&) {
  if (!is_sscc(assign.sscc) || assign.tracking.empty() || assign.tracking.size() > 40 ||
      !is_utf8(assign.tracking)) {
    return fail(ErrorCode::kInvalid, "bad_label",
                "a label has an SSCC and a tracking number of 1 to 40 octets");
  }
  const auto package = package_of(group, assign.package);
  if (!package) return fail(package.error());
  if (!(*package)->sscc.empty()) {
    return fail(ErrorCode::kRejected, "label_assigned", "the package has its numbers already");
  }
  return Events{LabelAssigned{assign.package, assign.sscc, assign.tracking}};
}

Result<Events> decide(const ShipGroup& group, const StartLabelPrint& start, const DecideContext&) {
  const auto package = package_of(group, start.package);
  if (!package) return fail(package.error());
  const LabelStatus label = (*package)->label;
  if (label != LabelStatus::kAssigned && label != LabelStatus::kFailed) {
    return label_refusal(**package);
  }
  return Events{LabelPrintStarted{start.package, start.printer, (*package)->print}};
}

Result<Events> decide(const ShipGroup& group, const EndLabelPrint& end, const DecideContext&) {
  const auto printing = [&end](const Package& package) {
    return package.print == end.start && package.label == LabelStatus::kPrinting;
  };
  if (std::ranges::none_of(group.packages, printing)) return Events{};  // ended already
  return Events{LabelPrintEnded{end.start, end.outcome, end.detail}};
}

Result<Events> decide(const ShipGroup& group, const CheckLabel& check, const DecideContext&) {
  const auto package = package_of(group, check.package);
  if (!package) return fail(package.error());
  const LabelStatus label = (*package)->label;
  if (label == LabelStatus::kNone || label == LabelStatus::kPrinting) {
    return label_refusal(**package);
  }
  if (label == LabelStatus::kPrinted && check.came_out) return Events{};
  return Events{LabelChecked{check.package, check.came_out, (*package)->print}};
}

Result<Events> decide(const ShipGroup& group, const ShipGroupOut&, const DecideContext&) {
  for (const Package& package : group.packages) {
    if (package.lines.empty() || package.label == LabelStatus::kPrinted) continue;
    return fail(ErrorCode::kRejected, "not_labelled",
                fmt::format("order {}: a package has no label on it yet", group.order_reference));
  }
  ShipGroupShipped shipped;
  for (const ShipGroupLineState& line : group.lines) {
    if (line.in.packed_milli > 0) shipped.lines.push_back({line.line.line, line.in.packed_milli});
  }
  return Events{std::move(shipped)};
}

}  // namespace cairn::domain::detail
