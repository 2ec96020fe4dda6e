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
  if (auto ok = reader->done(); !ok) return fail(ok.error());
  config.summary = reader->summary();
  return config;
}

}  // namespace cairn::central
