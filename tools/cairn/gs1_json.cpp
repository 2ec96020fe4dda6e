#include "tools/cairn/gs1_json.h"

namespace cairn::tool {

json::Value elements_json(std::span<const gs1::Element> elements) {
  auto list = json::Value::array();
  for (const gs1::Element& element : elements) {
    auto item = json::Value::object();
    item.set("ai", element.ai).set("value", element.value);
    list.add(std::move(item));
  }
  return list;
}

void set_gs1(json::Value& object, const gs1::Scan& scan) {
  object.set("elements", elements_json(scan.elements));
  if (scan.gtin) object.set("gtin14", scan.gtin->text());
}

json::Value scan_json(const gs1::Scan& scan) {
  auto answer = json::Value::object();
  answer.set("ok", true).set("symbology", scan.symbology);
  set_gs1(answer, scan);
  if (!scan.carrier_verified) answer.set("verified", false);
  return answer;
}

json::Value fault_json(const gs1::Fault& fault) {
  auto error = json::Value::object();
  error.set("code", gs1::name_of(fault.code))
      .set("message", fault.message)
      .set("position", fault.position);
  auto answer = json::Value::object();
  answer.set("ok", false).set("error", std::move(error));
  return answer;
}

}  // namespace cairn::tool
