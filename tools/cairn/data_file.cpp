#include "tools/cairn/data_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>

namespace cairn::tool {
namespace {

constexpr std::size_t kDocumentMost = 1U << 20U;

Result<std::string> read_octets(std::istream& in, const std::string& path) {
  std::string octets(kDocumentMost + 1, '\0');
  in.read(octets.data(), static_cast<std::streamsize>(octets.size()));
  octets.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) {
    return fail(ErrorCode::kUnavailable, "no_file", fmt::format("{} cannot be read", path));
  }
  if (octets.size() > kDocumentMost) {
    return fail(ErrorCode::kInvalid, "bad_file", fmt::format("{} has more than 1 MiB", path));
  }
  return octets;
}

Result<std::string> read_octets(const std::string& path) {
  if (path == "-") return read_octets(std::cin, "standard input");
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::kUnavailable, "no_file", fmt::format("{} cannot be opened", path));
  }
  return read_octets(file, path);
}

}  // namespace

Result<json::Value> read_json_file(const std::string& path) {
  const auto octets = read_octets(path);
  if (!octets) return fail(octets.error());
  const auto first = octets->find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (*octets)[first] != '{') {
    return fail(ErrorCode::kInvalid, "bad_file", fmt::format("{} holds no JSON object", path));
  }
  auto value = json::parse(*octets);
  if (!value) return fail(value.error().with_context(path));
  return value;
}

std::vector<std::string> texts_of(json::Reader& in, std::string_view name, std::size_t most,
                                  json::Reader::Length octets) {
  std::vector<std::string> texts;
  if (!in.has(name)) return texts;
  for (json::Value& value : in.values(name, most)) {
    const auto holder = json::Value::object().set("text", std::move(value));
    json::Reader one(holder);
    texts.push_back(one.text("text", octets));
    if (!one.done()) {
      in.problem(name, fmt::format("must be texts of at most {} octets", octets.most));
      break;
    }
  }
  return texts;
}

}  // namespace cairn::tool
