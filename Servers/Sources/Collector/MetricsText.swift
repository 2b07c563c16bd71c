/// Writes metric families in Prometheus' text format 0.0.4.
struct MetricsText {
  private(set) var text = ""
  private var name = ""

  mutating func family(_ name: String, _ kind: String, _ help: String) {
    self.name = "mds_collector_" + name
    text += "# HELP \(self.name) \(help)\n# TYPE \(self.name) \(kind)\n"
  }

  mutating func sample(_ value: Int, _ labels: KeyValuePairs<String, String> = [:]) {
    sample("\(value)", labels.map { ($0.key, $0.value) })
  }

  /// A family of one sample.
  mutating func gauge(_ name: String, _ help: String, _ value: Int) {
    family(name, "gauge", help)
    sample(value)
  }

  mutating func counter(_ name: String, _ help: String, _ value: Int) {
    family(name, "counter", help)
    sample(value)
  }

  mutating func histogram(_ durations: Telemetry.Durations, route: String) {
    var seen = 0
    for (limit, count) in zip(Telemetry.Durations.limits.map { "\($0)" } + ["+Inf"], durations.counts) {
      seen += count
      sample("\(seen)", [("route", route), ("le", limit)], suffix: "_bucket")
    }
    sample("\(seen)", [("route", route)], suffix: "_count")
    sample("\(durations.sum)", [("route", route)], suffix: "_sum")
  }

  private mutating func sample(_ value: String, _ labels: [(String, String)], suffix: String = "") {
    let words = labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }.joined(separator: ",")
    text += "\(name)\(suffix)\(words.isEmpty ? "" : "{\(words)}") \(value)\n"
  }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
  }
}
