internal import ConfigurationFile
internal import Domain
internal import Operations
internal import Workbench

/// Files of people are read, or told where they are wrong.
enum FilePromise {
  static func violation(of target: FuzzTarget, in bytes: [UInt8]) -> String? {
    do {
      switch target {
      case .settings: _ = try Settings(parsing: bytes)
      case .theme: _ = try ThemeFile(parsing: bytes, name: "t")
      case .catalogue: _ = try Catalogue(parsing: bytes)
      case .kubeconfig: _ = try Kubeconfig(parsing: bytes)
      default: _ = try SeldonProfiles(parsing: bytes)
      }
      return nil
    } catch let mistakes as Mistakes {
      let lines = bytes.count { $0 == 0x0A } + 1
      guard let first = mistakes.all.first, let last = mistakes.all.last else {
        return "a file is refused without a word"
      }
      return first.line >= 0 && last.line <= lines + 1 ? nil : "a mistake is on line \(last.line) of \(lines)"
    } catch let problem as Problem {
      return problem.summary.isEmpty ? "a file is refused without a word" : nil
    } catch {
      return "a file is refused by \(error)"
    }
  }

  private static let signature = Signature(
    inputs: [
      TensorSpec(name: "x", datatype: .fp64, shape: [-1, 2], parameters: [JSON.Member("feature_names", ["a", "b"])]),
      TensorSpec(name: "t", datatype: .bytes, shape: [-1, 1]),
    ], outputs: [])

  private static let text = Signature(
    inputs: [TensorSpec(name: "t", datatype: .bytes, shape: [-1, 1])], outputs: [])

  /// The first byte decides what the file's name says of it.
  static func inputViolation(in bytes: [UInt8]) -> String? {
    let names = ["f.csv", "f.tsv", "f.jsonl", "f.json", "f.txt"]
    let name = names[Int(bytes.first ?? 0) % names.count]
    let signature = name == "f.txt" ? text : signature
    guard let reader = try? RowReader(Array(bytes.dropFirst()), named: name), !reader.holdsRequests,
      let rows = try? InputFile.rows(of: reader, for: signature, atMost: 1000)
    else { return nil }
    return rows.records.allSatisfy { $0.texts.count == signature.fields.count }
      ? nil : "a row has other fields than the model"
  }
}
