#include "central/hub_config.h"

namespace cairn::central {

Result<HubConfig> load_hub_config(const std::string& file,
                                  const runtime::Environment& environment) {
  auto reader = runtime::ConfigReader::load(file, environment);
  if (!reader) return fail(reader.error());
  HubConfig config;
  config.common = program::read_common_config(*reader, true);
  auto routing = reader->table("routing");
  const std::string partial = routing.choice_or("partial_orders", "wait", {"wait", "split_lines"});
  config.partial_orders =
      partial == "wait" ? domain::PartialOrders::kWait : domain::PartialOrders::kSplitLines;
  auto labels = reader->table("labels");
  const std::string prefix = labels.text_or("gs1_company_prefix", "", {0, 10});
  if (!prefix.empty()) {
    const auto parsed = domain::Gs1Prefix::parse(prefix);
    if (parsed) config.labels.prefix = *parsed;
    if (!parsed) labels.problem("gs1_company_prefix", "must have 7 to 10 digits");
  }
  config.labels.block =
      static_cast<std::uint64_t>(labels.integer_or("block", 10'000, 10, 10'000'000));
  if (auto ok = reader->done(); !ok) return fail(ok.error());
  config.summary = reader->summary();
  return config;
}

}  // namespace cairn::central
