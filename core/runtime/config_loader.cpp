#include "core/runtime/config_loader.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"
#include "core/runtime/detail/config_document.h"
#include "core/runtime/detail/nearest_word.h"
#include "core/runtime/detail/secret_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace cairn::runtime {
namespace {

constexpr std::size_t kMaxPath = 4096;

char variable_letter(char c) {
  if (c == '-' || c == '.') return '_';
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// "12", "-0.5"; no exponent, nothing around it.
std::optional<double> parse_decimal(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  return error == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

/// Moved, not copied: a copy would not know where it came from.
void merge(toml::table& into, toml::table over) {
  for (auto&& [key, node] : over) {
    toml::table* const there = into.get_as<toml::table>(key);
    if (there != nullptr && node.is_table()) {
      merge(*there, std::move(*node.as_table()));
      continue;
    }
    node.visit([&into, &key = key](auto& value) { into.insert_or_assign(key, std::move(value)); });
  }
}

}  // namespace

struct ConfigReader::Node {
  const toml::table* table = nullptr;  // null: absent
  std::string path;                    // "http", "device[2]"; "" for the file itself
  bool overridable = true;
};

struct ConfigReader::Found {
  const toml::node* node = nullptr;
  const std::string* variable = nullptr;  // the environment wins

  [[nodiscard]] bool anything() const { return node != nullptr || variable != nullptr; }
};

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

Result<ConfigReader> ConfigReader::load(const std::filesystem::path& file,
                                        Environment environment) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  const bool anything = in.peek() != std::ifstream::traits_type::eof();
  if (anything) text << in.rdbuf();  // copying nothing would count as a failure
  if (!in.is_open() || in.bad() || !text) {
    return fail(ErrorCode::kNotFound, "no_config",
                fmt::format("cannot read the configuration file {}", file.string()));
  }
  return parse(std::move(text).str(), file.string(), std::move(environment));
}

Result<ConfigReader> ConfigReader::parse(std::string_view toml, std::string name,
                                         Environment environment) {
  auto document = std::make_shared<Document>();
  document->name = std::move(name);
  document->environment = std::move(environment);
  try {
    document->root = toml::parse(toml);
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::kInvalid, "bad_config",
                fmt::format("{}: {}", document->place(e.source()), e.description()));
  }
  Node root{&document->root, "", true};
  return ConfigReader(std::move(document), std::move(root));
}

Result<> ConfigReader::lay_over(std::string_view toml, const std::string& name) {
  try {
    merge(document_->root, toml::parse(toml, name));
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::kInvalid, "bad_config", fmt::format("{}: {}", name, e.description()));
  }
  return {};
}

ConfigReader::ConfigReader(std::shared_ptr<Document> document, Node node)
    : document_(std::move(document)), node_(std::make_shared<const Node>(std::move(node))) {
  if (node_->table != nullptr) document_->asked.try_emplace(node_->table);
}

std::string ConfigReader::path_of(std::string_view name) const {
  return node_->path.empty() ? std::string(name) : fmt::format("{}.{}", node_->path, name);
}

std::string ConfigReader::variable_of(std::string_view name) const {
  std::string variable = "CAIRN_" + path_of(name);
  std::ranges::transform(variable, variable.begin(), variable_letter);
  return variable;
}

ConfigReader::Found ConfigReader::find(std::string_view name) const {
  Found found;
  if (node_->overridable) {
    const auto variable = document_->environment.find(variable_of(name));
    if (variable != document_->environment.end()) found.variable = &variable->second;
  }
  if (node_->table == nullptr) return found;
  document_->asked[node_->table].emplace(name);
  found.node = node_->table->get(name);
  return found;
}

ConfigReader::Found ConfigReader::require(std::string_view name) {
  const Found found = find(name);
  if (!found.anything()) problem(name, "is missing");
  return found;
}

bool ConfigReader::has(std::string_view name) const { return find(name).anything(); }

void ConfigReader::problem(std::string_view name, std::string_view what) {
  const Found found = find(name);
  std::string place = document_->name;
  if (node_->table != nullptr) place = document_->place(node_->table->source());
  if (found.node != nullptr) place = document_->place(found.node->source());
  if (found.variable != nullptr) place = "environment " + variable_of(name);
  document_->problems.push_back(fmt::format("{}: {} {}", place, path_of(name), what));
}

void ConfigReader::note(std::string_view name, std::string_view value) {
  const Found found = find(name);
  const std::string origin = found.variable != nullptr ? variable_of(name)
                             : found.node != nullptr   ? document_->place(found.node->source())
                                                       : "default";
  document_->notes.push_back({path_of(name), std::string(value), origin});
}

ConfigReader ConfigReader::table(std::string_view name) {
  const auto* const node = node_->table != nullptr ? node_->table->get(name) : nullptr;
  if (node_->table != nullptr) document_->asked[node_->table].emplace(name);
  if (node != nullptr && !node->is_table()) problem(name, "must be a table");
  return {document_,
          {node != nullptr ? node->as_table() : nullptr, path_of(name), node_->overridable}};
}

std::vector<ConfigReader> ConfigReader::tables(std::string_view name, std::size_t most) {
  if (node_->table == nullptr) return {};
  document_->asked[node_->table].emplace(name);
  const toml::node* const node = node_->table->get(name);
  if (node == nullptr) return {};
  if (!node->is_array_of_tables()) {
    problem(name, fmt::format("must be tables, each headed [[{}]]", path_of(name)));
    return {};
  }
  if (node->as_array()->size() > most) problem(name, fmt::format("has more than {} entries", most));
  std::vector<ConfigReader> readers;
  for (const toml::node& element : *node->as_array()) {
    const std::string path = fmt::format("{}[{}]", path_of(name), readers.size() + 1);
    readers.push_back(ConfigReader(document_, {element.as_table(), path, false}));
  }
  return readers;
}

std::optional<std::string> ConfigReader::read_text(std::string_view name, Length octets) {
  const Found found = find(name);
  if (!found.anything()) return std::nullopt;
  const auto* const literal = found.node != nullptr ? found.node->as_string() : nullptr;
  if (found.variable == nullptr && literal == nullptr) {
    problem(name, "must be a text in quotes");
    return std::nullopt;
  }
  std::string text = found.variable != nullptr ? *found.variable : literal->get();
  if (text.size() < octets.least || text.size() > octets.most || !is_utf8(text)) {
    problem(name, fmt::format("must be a text of {} to {} octets", octets.least, octets.most));
    return std::nullopt;
  }
  return text;
}

std::optional<std::int64_t> ConfigReader::read_integer(std::string_view name, std::int64_t least,
                                                       std::int64_t most) {
  const Found found = find(name);
  if (!found.anything()) return std::nullopt;
  std::optional<std::int64_t> number;
  if (found.variable != nullptr) {
    const auto parsed = parse_signed(*found.variable);
    if (parsed) number = *parsed;
  } else if (found.node->is_integer()) {
    number = found.node->as_integer()->get();
  }
  if (number && *number >= least && *number <= most) return number;
  problem(name, fmt::format("must be a whole number from {} to {}", least, most));
  return std::nullopt;
}

std::string ConfigReader::text(std::string_view name, Length octets) {
  require(name);
  auto value = read_text(name, octets);
  if (value) note(name, fmt::format("\"{}\"", *value));
  return value.value_or("");
}

std::string ConfigReader::text_or(std::string_view name, std::string_view otherwise,
                                  Length octets) {
  auto value = read_text(name, octets).value_or(std::string(otherwise));
  note(name, fmt::format("\"{}\"", value));
  return value;
}

std::int64_t ConfigReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  require(name);
  return integer_or(name, least, least, most);
}

std::int64_t ConfigReader::integer_or(std::string_view name, std::int64_t otherwise,
                                      std::int64_t least, std::int64_t most) {
  const std::int64_t value = read_integer(name, least, most).value_or(otherwise);
  note(name, fmt::format("{}", value));
  return value;
}

double ConfigReader::number_or(std::string_view name, double otherwise, double least, double most) {
  const Found found = find(name);
  std::optional<double> value;
  if (found.variable != nullptr) {
    value = parse_decimal(*found.variable);
  } else if (found.node != nullptr && found.node->is_number()) {
    value = found.node->value<double>();
  }
  const bool fits = value && *value >= least && *value <= most;  // not so if it is no number (nan)
  if (found.anything() && !fits) {
    problem(name, fmt::format("must be a number from {} to {}", least, most));
  }
  const double number = fits ? *value : otherwise;
  note(name, fmt::format("{}", number));
  return number;
}

bool ConfigReader::boolean_or(std::string_view name, bool otherwise) {
  const Found found = find(name);
  std::optional<bool> value;
  if (found.variable != nullptr) {
    if (*found.variable == "true") value = true;
    if (*found.variable == "false") value = false;
  } else if (found.node != nullptr && found.node->is_boolean()) {
    value = found.node->as_boolean()->get();
  }
  if (found.anything() && !value) problem(name, "must be true or false");
  note(name, value.value_or(otherwise) ? "true" : "false");
  return value.value_or(otherwise);
}

std::string ConfigReader::choice_or(std::string_view name, std::string_view otherwise,
                                    const std::vector<std::string_view>& choices) {
  auto value = text_or(name, otherwise, {0, kMaxPath});
  if (std::ranges::find(choices, value) != choices.end()) return value;
  const auto meant = nearest_word(value, {choices.begin(), choices.end()});
  problem(name, fmt::format("must be one of {}{}", fmt::join(choices, ", "),
                            meant ? fmt::format(": did you mean '{}'?", *meant) : ""));
  return std::string(otherwise);
}

std::optional<Endpoint> ConfigReader::read_endpoint(std::string_view name) {
  const auto text = read_text(name, {1, kMaxPath});
  if (!text) return std::nullopt;
  auto endpoint = Endpoint::parse(*text);
  if (endpoint) return *endpoint;
  problem(name, fmt::format("must be host:port: {}", endpoint.error().message));
  return std::nullopt;
}

Endpoint ConfigReader::endpoint(std::string_view name) {
  require(name);
  return endpoint_or(name, {});
}

Endpoint ConfigReader::endpoint_or(std::string_view name, const Endpoint& otherwise) {
  auto value = read_endpoint(name).value_or(otherwise);
  note(name, fmt::format("\"{}\"", value.text()));
  return value;
}

std::vector<std::string> ConfigReader::texts(std::string_view name, std::size_t most,
                                             Length octets) {
  const toml::node* const node = find(name).node;
  if (node == nullptr) return {};
  std::vector<std::string> values;
  const toml::array* const array = node->as_array();
  bool sound = array != nullptr && array->size() <= most;
  for (std::size_t i = 0; sound && i < array->size(); ++i) {
    const auto text = (*array)[i].value_exact<std::string>();
    sound = text && text->size() >= octets.least && text->size() <= octets.most;
    if (sound) values.push_back(*text);
  }
  if (!sound) {
    problem(name, fmt::format("must be at most {} texts of {} to {} octets in [ ]", most,
                              octets.least, octets.most));
    return {};
  }
  note(name, fmt::format("[\"{}\"]", fmt::join(values, "\", \"")));
  return values;
}

std::string ConfigReader::secret(std::string_view name) {
  require(name);
  return optional_secret(name).value_or("");
}

std::optional<std::string> ConfigReader::optional_secret(std::string_view name) {
  const auto path = read_text(name, {1, kMaxPath});
  if (!path) {
    note(name, "none");
    return std::nullopt;
  }
  auto secret = read_secret_file(*path);
  if (!secret) {
    problem(name, fmt::format("names an unusable file: {}", secret.error().message));
    return std::nullopt;
  }
  note(name, fmt::format("\"{}\", content hidden", *path));
  return std::move(*secret);
}

Result<> ConfigReader::done() const {
  std::vector<std::string> problems = document_->problems;
  std::ranges::move(document_->unknown_keys(), std::back_inserter(problems));
  if (problems.empty()) return {};
  return fail(ErrorCode::kInvalid, "bad_config", fmt::format("{}", fmt::join(problems, "\n")));
}

const std::vector<ConfigReader::Origin>& ConfigReader::origins() const { return document_->notes; }

std::string ConfigReader::summary() const {
  std::string text;
  for (const Origin& origin : document_->notes) {
    text += fmt::format("{}{} = {}   ({})", text.empty() ? "" : "\n", origin.key, origin.value,
                        origin.from);
  }
  return text;
}

}  // namespace cairn::runtime
