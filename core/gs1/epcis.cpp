#include "core/gs1/epcis.h"

#include <algorithm>
#include <array>

namespace cairn::gs1 {
namespace {

constexpr std::string_view kObject = "ObjectEvent";
constexpr std::string_view kAggregation = "AggregationEvent";

struct StepRow {
  Step step;
  EventWords words;
};

constexpr auto kSteps = std::to_array<StepRow>({
    {Step::kPick, {kObject, "OBSERVE", "picking", "in_progress"}},
    {Step::kPack, {kAggregation, "ADD", "packing", "in_progress"}},
    {Step::kUnpack, {kAggregation, "DELETE", "unpacking", "in_progress"}},
    {Step::kStage, {kObject, "OBSERVE", "staging_outbound", "in_progress"}},
    {Step::kLoad, {kObject, "OBSERVE", "loading", "in_progress"}},
    {Step::kShip, {kObject, "OBSERVE", "shipping", "in_transit"}},
    {Step::kReceive, {kObject, "OBSERVE", "receiving", "in_progress"}},
    {Step::kPutAway, {kObject, "OBSERVE", "storing", "sellable_not_accessible"}},
    {Step::kPutOnFloor, {kObject, "OBSERVE", "stocking", "sellable_accessible"}},
    {Step::kSell, {kObject, "OBSERVE", "retail_selling", "retail_sold"}},
    {Step::kTakeReturn, {kObject, "OBSERVE", "receiving", "returned"}},
    {Step::kFindDamage, {kObject, "OBSERVE", "inspecting", "damaged"}},
    {Step::kDestroy, {kObject, "DELETE", "destroying", "destroyed"}},
    {Step::kCount, {kObject, "OBSERVE", "cycle_counting", "sellable_not_accessible"}},
    {Step::kCountFloor, {kObject, "OBSERVE", "stock_taking", "sellable_accessible"}},
});

constexpr auto kBizSteps = std::to_array<std::string_view>({
    "accepting",
    "arriving",
    "assembling",
    "collecting",
    "commissioning",
    "consigning",
    "creating_class_instance",
    "cycle_counting",
    "decommissioning",
    "departing",
    "destroying",
    "disassembling",
    "dispensing",
    "encoding",
    "entering_exiting",
    "holding",
    "inspecting",
    "installing",
    "killing",
    "loading",
    "other",
    "packing",
    "picking",
    "receiving",
    "removing",
    "repackaging",
    "repairing",
    "replacing",
    "reserving",
    "retail_selling",
    "shipping",
    "staging_outbound",
    "stock_taking",
    "stocking",
    "storing",
    "transporting",
    "unloading",
    "unpacking",
    "void_shipping",
    "sensor_reporting",
    "sampling",
});

constexpr auto kDispositions = std::to_array<std::string_view>({
    "active",
    "container_closed",
    "damaged",
    "destroyed",
    "dispensed",
    "disposed",
    "encoded",
    "expired",
    "in_progress",
    "in_transit",
    "inactive",
    "no_pedigree_match",
    "non_sellable_other",
    "partially_dispensed",
    "recalled",
    "reserved",
    "retail_sold",
    "returned",
    "sellable_accessible",
    "sellable_not_accessible",
    "stolen",
    "unknown",
    "available",
    "completeness_verified",
    "completeness_inferred",
    "conformant",
    "container_open",
    "mismatch_instance",
    "mismatch_class",
    "mismatch_quantity",
    "needs_replacement",
    "non_conformant",
    "unavailable",
});

constexpr auto kTransactionTypes =
    std::to_array<std::string_view>({"bol", "cert", "desadv", "inv", "pedigree", "po", "poc",
                                     "prodorder", "recadv", "rma", "testprd", "testres", "upevt"});

template <class List>
bool has(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

EventWords words_for(Step step) { return std::ranges::find(kSteps, step, &StepRow::step)->words; }

bool is_biz_step(std::string_view word) { return has(kBizSteps, word); }
bool is_disposition(std::string_view word) { return has(kDispositions, word); }
bool is_business_transaction_type(std::string_view word) { return has(kTransactionTypes, word); }

}  // namespace cairn::gs1
