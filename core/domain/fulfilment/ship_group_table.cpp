#include "core/domain/fulfilment/ship_group_decide.h"

namespace cairn::domain {
namespace {

constexpr std::string_view kYes;
constexpr std::string_view kNone = "no_such_group";
constexpr std::string_view kUnclaimed = "not_claimed";
constexpr std::string_view kUnpicked = "not_picked";
constexpr std::string_view kUnpacked = "not_packed";
constexpr std::string_view kPicked = "already_picked";
constexpr std::string_view kPacked = "already_packed";
constexpr std::string_view kGone = "already_shipped";
constexpr std::string_view kHanded = "already_handed_over";
constexpr std::string_view kCancel = "cancelled";
constexpr std::string_view kReject = "rejected";
constexpr std::string_view kPickup = "is_a_pickup";
constexpr std::string_view kShip = "is_no_pickup";
constexpr std::string_view kOver = "over_pick";
constexpr std::string_view kNothing = "nothing_handed_over";

// Commands, in the order of the columns:
//   claim, release, pick, short,   pack, label, print, printed, checked,   ship,
//   mint, wrong code, give, undo,   cancel, put back, undo pick
// What concerns labels and put-backs is decided by the package or the put-back, not by the status.
constexpr ShipGroupTable kTable = {{
    // NONE
    {kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone,
     kNone, kNone, kNone, kNone},
    // ALLOCATED
    {kYes, kUnclaimed, kUnclaimed, kUnclaimed, kUnpicked, kUnpacked, kUnpacked, kYes, kUnpacked,
     kUnpicked, kYes, kUnpicked, kUnpicked, kNothing, kYes, kYes, kUnclaimed},
    // PICKING
    {kYes, kYes, kYes, kYes, kYes, kYes, kYes, kYes, kYes, kUnpicked, kYes, kUnpicked, kUnpicked,
     kNothing, kYes, kYes, kYes},
    // PICKED
    {kPicked, kPicked, kOver, kPicked, kYes, kYes, kYes, kYes, kYes, kUnpacked, kShip, kShip, kShip,
     kShip, kYes, kYes, kYes},
    // PACKED
    {kPacked, kPacked, kPacked, kPacked, kPacked, kYes, kYes, kYes, kYes, kYes, kShip, kShip, kShip,
     kShip, kPacked, kYes, kPacked},
    // SHIPPED
    {kGone, kGone, kGone, kGone, kGone, kGone, kGone, kYes, kYes, kGone, kShip, kShip, kShip, kShip,
     kGone, kYes, kGone},
    // READY
    {kPicked, kPicked, kOver, kPicked, kPickup, kPickup, kPickup, kPickup, kPickup, kPickup, kYes,
     kYes, kYes, kYes, kYes, kYes, kYes},
    // HANDED_OVER
    {kHanded, kHanded, kHanded, kHanded, kHanded, kPickup, kPickup, kPickup, kPickup, kHanded,
     kHanded, kHanded, kHanded, kYes, kHanded, kYes, kHanded},
    // CANCELLED
    {kCancel, kCancel, kCancel, kCancel, kCancel, kCancel, kCancel, kYes, kYes, kCancel, kCancel,
     kCancel, kCancel, kCancel, kCancel, kYes, kCancel},
    // REJECTED
    {kReject, kReject, kReject, kReject, kReject, kReject, kReject, kYes, kYes, kReject, kReject,
     kReject, kReject, kReject, kReject, kYes, kReject},
}};

}  // namespace

const ShipGroupTable& ship_group_table() { return kTable; }

}  // namespace cairn::domain
