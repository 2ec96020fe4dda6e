#pragma once
// Reads a program's configuration: a TOML file, overridden by the environment, once, in main(). All
// problems are gathered, each with its place, so that an operator corrects a file in one go; what
// the program does not know is a problem too, because a misspelt key would otherwise be a silent
// default. One thread.
//
//   auto config = ConfigReader::load(path, process_environment());
//   auto http = config->table("http");
//   const Endpoint listen = http.endpoint_or("listen", {"127.0.0.1", 8080});
//   for (auto& device : config->tables("device", 32)) names.push_back(device.text("name", {1,
//   40})); if (auto ok = config->done(); !ok) return fail(ok.error());
//
// Scalar keys outside [[arrays of tables]] are overridden by CAIRN_<TABLE>_<KEY>, in capitals with
// '-' as '_': the key above by CAIRN_HTTP_LISTEN.

#include "core/base/endpoint.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::runtime {

using Environment = std::map<std::string, std::string, std::less<>>;

/// The environment of this process.
Environment process_environment();

class ConfigReader {
 public:
  struct Length {
    std::size_t least = 0;
    std::size_t most = 0;
  };

  /// Errors: kNotFound "no_config", kInvalid "bad_config" (not TOML, with the place).
  static Result<ConfigReader> load(const std::filesystem::path& file, Environment environment);
  /// The same from a text; `name` stands for the file in messages.
  static Result<ConfigReader> parse(std::string_view toml, std::string name,
                                    Environment environment);

  /// Lays another TOML text over the file: its values win over the file's, not over the
  /// environment's; tables are merged, arrays of tables are replaced. `name` stands for it in
  /// messages. Before anything is read. Errors: kInvalid "bad_config" (not TOML).
  Result<> lay_over(std::string_view toml, const std::string& name);

  /// A [table]; one that is absent has no keys but those of the environment.
  ConfigReader table(std::string_view name);
  /// [[name]], at most `most` of them; none if absent.
  std::vector<ConfigReader> tables(std::string_view name, std::size_t most);
  /// True if the key is in the file or in the environment.
  [[nodiscard]] bool has(std::string_view name) const;

  // Required keys, and keys with a default. On a problem they return something harmless and done()
  // fails.
  std::string text(std::string_view name, Length octets);
  std::string text_or(std::string_view name, std::string_view otherwise, Length octets);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::int64_t integer_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                          std::int64_t most);
  /// A number with or without a fraction; a whole number will do.
  double number_or(std::string_view name, double otherwise, double least, double most);
  bool boolean_or(std::string_view name, bool otherwise);
  /// One of a few words.
  std::string choice_or(std::string_view name, std::string_view otherwise,
                        const std::vector<std::string_view>& choices);
  Endpoint endpoint(std::string_view name);
  Endpoint endpoint_or(std::string_view name, const Endpoint& otherwise);
  /// An array of texts, at most `most`; empty if absent. Not from the environment.
  std::vector<std::string> texts(std::string_view name, std::size_t most, Length octets);

  /// The key names a file; this is its first line. The file must not be readable by others than its
  /// owner, nor empty. The secret is in no message and no summary.
  std::string secret(std::string_view name);
  std::optional<std::string> optional_secret(std::string_view name);

  /// Adds a problem found by the caller, at the place of that key.
  void problem(std::string_view name, std::string_view what);

  /// To be called last, on any reader of the file. Errors: kInvalid "bad_config", one problem a
  /// line, unknown keys and tables among them.
  [[nodiscard]] Result<> done() const;
  /// What was read and where it came from, without secrets.
  struct Origin {
    std::string key;
    std::string value;
    std::string from;  ///< "file:line:column", "default", a variable, what was laid over
  };
  [[nodiscard]] const std::vector<Origin>& origins() const;
  /// The same, one key a line: for the log at start.
  [[nodiscard]] std::string summary() const;

 private:
  struct Document;  // shared by a reader and those made from it
  struct Node;      // the table that this reader reads
  struct Found;     // the value of a key

  ConfigReader(std::shared_ptr<Document> document, Node node);
  [[nodiscard]] Found find(std::string_view name) const;
  Found require(std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view name) const;
  [[nodiscard]] std::string variable_of(std::string_view name) const;
  void note(std::string_view name, std::string_view value);

  std::optional<std::string> read_text(std::string_view name, Length octets);
  std::optional<std::int64_t> read_integer(std::string_view name, std::int64_t least,
                                           std::int64_t most);
  std::optional<Endpoint> read_endpoint(std::string_view name);

  std::shared_ptr<Document> document_;
  std::shared_ptr<const Node> node_;  // shared: readers are copied into vectors
};

}  // namespace cairn::runtime
