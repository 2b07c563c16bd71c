/// Writes metric families in Prometheus' text format 0.0.4.
struct MetricsText {
  private(set) var text = ""
  private var name = ""

  mutating func family(_ name: String, _ kind: String, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  mutating func sample(_ labels: [(String, String)], _ value: Double, suffix: String = "") {
    let labels = labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }.joined(separator: ",")
    text += "\(name)\(suffix){\(labels)} \(value)\n"
  }

  mutating func histogram(_ labels: [(String, String)], _ histogram: Metrics.Histogram) {
    var seen = 0
    for (limit, count) in zip(Metrics.Histogram.limits.map { "\($0)" } + ["+Inf"], histogram.counts) {
      seen += count
      sample([("le", limit)] + labels, Double(seen), suffix: "_bucket")
    }
    sample(labels, Double(seen), suffix: "_count")
    sample(labels, histogram.sum, suffix: "_sum")
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
