public import Domain

/// What every column of an export means, what the form leaves out, and how to load it.
public struct Codebook: Hashable, Sendable {
  public var columns: [ExportColumn]
  /// The form of the file.
  public var format: ExportFormat
  /// What of the log it has; nil for the whole.
  public var part: ExportPart?
  /// What stands for analysts' names, where the form has no place for them.
  public var analysts: [AnalystNumbers.Analyst] = []
  /// The classes that models and analysts name, where the form has to be told of them.
  public var labels: [RawText] = []
  /// Label Studio's labeling configuration for the tasks, XML.
  public var labelingConfig: String?

  public init(_ columns: [ExportColumn], _ format: ExportFormat = .jsonl, part: ExportPart? = nil) {
    self.columns = columns
    self.format = format
    self.part = part
  }

  /// For programs: the form, what it leaves out, the part of the log where it is not the whole, and the columns in order, each with its name, type, pandas dtype and
  /// meaning.
  public var json: JSON {
    var members: [JSON.Member] = []
    members.put("part", part?.json)
    if !analysts.isEmpty {
      members.put(
        "analysts",
        .array(
          analysts.map {
            .object(["name": .string($0.name), "uuid": .text($0.uuid), "number": .integer(Int64($0.number))])
          }))
    }
    if !labels.isEmpty { members.put("labels", .texts(labels)) }
    members.put("labeling_config", labelingConfig.map(JSON.text))
    return .object(columnsJSON + members)
  }

  private var columnsJSON: [JSON.Member] {
    let json = JSON.object([
      "codebook": 1, "format": .text(format.rawValue), "lost": .array(format.losses.map(JSON.text)),
      "columns": .array(
        columns.map { column in
          .object([
            "name": .string(column.name), "type": .text(column.type.rawValue), "dtype": .text(column.type.dtype),
            "meaning": .text(column.meaning),
          ])
        }),
    ])
    return json.members ?? []
  }

  /// The codebook as a file of this name is to have it: Markdown for `.md`, for `.xml` the labeling configuration, JSON
  /// else; nil where there is no such configuration.
  public func text(named path: String) -> String? {
    if path.hasSuffix(".md") { return markdown }
    return path.hasSuffix(".xml") ? labelingConfig : json.indented + "\n"
  }

  /// For people.
  public var markdown: String {
    var lines = [preface]
    if let part { lines.append(part.words(format) + "\n") }
    if !format.losses.isEmpty {
      lines.append("What a row of JSONL says that this form does not:\n")
      lines += format.losses.map { "- \($0)" } + [""]
    }
    lines += ["| column | type | pandas | meaning |", "|---|---|---|---|"]
    for column in columns {
      lines.append(
        "| \(Codebook.quoted(column.name.string)) | \(column.type.rawValue) | \(column.type.dtype) "
          + "| \(Codebook.cell(column.meaning)) |")
    }
    if !analysts.isEmpty { lines += ["", "| analyst | UUID | number |", "|---|---|---|"] }
    for analyst in analysts {
      lines.append("| \(Codebook.quoted(analyst.name.string)) | \(analyst.uuid) | \(analyst.number) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A foreign name in a cell, as code: whatever it is, no Markdown and no HTML comes of it.
  static func quoted(_ name: String) -> String { name.isEmpty ? "" : "`\(cell(name))`" }

  /// Foreign names are kept from breaking the table.
  private static func cell(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "`" || scalar == "|"
            || scalar.value == 0x2028 || scalar.value == 0x2029 ? "\u{FFFD}" : scalar
        }))
  }
}
