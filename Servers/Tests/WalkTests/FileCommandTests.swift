import Foundation
import Glibc
import Testing

/// Files in and out of the command line: scoring them, and bringing predictions back in.
@Suite("A file", .serialized)
struct FileCommandTests {
  private static let wine = Paths.repository + "/fixtures/records/wine.jsonl"

  @Test("scores a file: the answers are the model's, in the file's order, and each is a case")
  func infer() throws {
    try CommandHome.onService { home, _ in
      let run = try home.run(
        "infer", "wine", "--input", Self.wine, "--output", home.scratch.path + "/w.jsonl", "--batch", "50")
      #expect(run.status == 0 && run.text.isEmpty)
      #expect(!home.exists("w.jsonl.partial"))
      let answers = try CommandRun.objects(of: try home.read("w.jsonl"))
      #expect(answers.map { $0["row"] as? Int } == Array(1...WineForm.count).map(Optional.init))
      #expect(answers.map { $0["number"] as? Int } == Array(1...WineForm.count).map(Optional.init))
      #expect(answers.first?["source_id"] as? String == "w-0001")
      #expect(!home.exists("w.rejects.jsonl"))
      let expected = try JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(fileURLWithPath: Paths.repository + "/fixtures/expected/wine.json")))
      let records = try #require((expected as? [String: Any])?["records"] as? [[String: Any]])
      var compared = 0
      for record in records {
        guard let id = record["id"] as? String, let wanted = record["probabilities"] as? [Double],
          let answer = answers.first(where: { $0["source_id"] as? String == id })
        else { continue }
        let given = try #require(answer["probabilities"] as? [String: Double])
        for (index, probability) in wanted.enumerated() {
          let answered = try #require(given["class_\(index)"])
          #expect(abs(answered - probability) < 1e-6)
          compared += 1
        }
      }
      #expect(compared > 0)
      let listed = try home.run("cases", "list", "model:wine", "--limit", "1000", "--json").objects()
      #expect(listed.count == WineForm.count)
      let few = try home.run("cases", "list", "model:wine", "--limit", "2")
      #expect(few.text.split(separator: "\n").count == 3 && few.errors.contains("2 of \(WineForm.count)"))
      #expect(try home.run("cases", "list", "model:cargo").text.split(separator: "\n").count == 1)

      let piped = try home.run(
        "infer", "wine", "--input", "-", "--no-cases", input: try String(contentsOfFile: Self.wine, encoding: .utf8))
      #expect(try piped.objects().map { $0["label"] as? String } == answers.map { $0["label"] as? String })
    }
  }

  @Test("sets bad rows of a file aside with the reason, and loses no good one")
  func badRows() throws {
    try CommandHome.onService { home, _ in
      let rows = [
        WineForm.values, WineForm.values.replacing("12.78", with: "strong"), WineForm.values + ",7",
        WineForm.values.replacing("453", with: "9007199254740993"), WineForm.values.replacing("2.62", with: ""),
        "\"" + WineForm.values, WineForm.values.replacing("1.25", with: "1e999"), WineForm.values,
      ]
      var bytes = Data((WineForm.header + "\r\n" + rows.joined(separator: "\n") + "\n").utf8)
      bytes +=
        Data(WineForm.values.utf8.prefix(6)) + Data([0xFF]) + Data(WineForm.values.utf8.dropFirst(6)) + Data("\n".utf8)
      bytes += Data(WineForm.values.utf8)
      let input = try home.write(bytes, to: "w.csv")
      let run = try home.run("infer", "wine", "--input", input, "--output", home.scratch.path + "/w.jsonl")
      #expect(run.status == 5)
      #expect(run.errors.contains("3 rows scored, 7 set aside."))
      let answers = try CommandRun.objects(of: try home.read("w.jsonl"))
      #expect(answers.map { $0["row"] as? Int } == [1, 8, 10])
      let refused = try CommandRun.objects(of: try home.read("w.rejects.jsonl"))
      let reasons = Dictionary(
        uniqueKeysWithValues: refused.map { ($0["row"] as? Int ?? 0, $0["reason"] as? String ?? "") })
      #expect(reasons[2] == "alcohol strong is not a number")
      #expect(reasons[3] == "14 values where the header has 13")
      #expect(reasons[4] == "proline 9007199254740993 does not fit FP64")
      #expect(reasons[5] == "malic_acid needs a value")
      #expect(reasons[6] == "a quoted value does not end")
      #expect(reasons[7]?.hasPrefix("proanthocyanins 1e999") == true)
      #expect(reasons[9]?.hasPrefix("malic_acid ") == true && reasons[9]?.hasSuffix("2.62 is not a number") == true)
      #expect(refused.map { $0["text"] as? String ?? "" }.contains(rows[1]))
    }
  }

  @Test("finds the rows that the service itself refuses, and keeps those beside them")
  func refusedRows() throws {
    try CommandHome.onService { home, _ in
      let lines = try String(contentsOfFile: Paths.repository + "/fixtures/records/cargo.jsonl", encoding: .utf8)
        .split(separator: "\n").prefix(40).map(String.init)
      var changed = lines
      changed[6] = lines[6].replacing(/"goods": "[^"]*"/, with: "\"goods\": \"plutonium\"")
      changed[31] = lines[31].replacing(/"goods": "[^"]*"/, with: "\"goods\": \"dragons\\u001b[2J\"")
      let input = try home.write(changed.joined(separator: "\n"), to: "c.jsonl")
      let run = try home.run("infer", "cargo", "--input", input)
      #expect(run.status == 5)
      let rows = try run.objects().compactMap { $0["row"] as? Int }
      #expect(rows == (1...40).filter { $0 != 7 && $0 != 32 })
      #expect(run.errors.contains("row 7:") && run.errors.contains("plutonium"))
      #expect(run.errors.contains("row 32:") && !run.errors.contains("\u{1B}"))
    }
  }

  /// A file that holds nothing to score: its name, what is in it, and what is said.
  static let badFiles: [(String, String, String)] = [
    ("e.csv", "", "There are no records in the input."),
    ("h.csv", WineForm.header + "\n", "There are no records in the input."),
    (
      "w.csv", WineForm.header.replacing("alcohol,", with: "alchohol,") + "\n" + WineForm.values,
      "has no column alcohol."
    ),
    ("p.json", "<!doctype html><html>", "is HTML or XML, not JSON."),
    ("p.jsonl", "\n <html>", "is HTML or XML, not JSON."),
    ("a.json", "[{\"alcohol\": 1}, {\"alc", "is no whole JSON"),
    ("a.jsonl", "[1,2]\n\"x\"\n", "2 set aside."),
    ("t.txt", "hello", "is text, and the model has 13 fields."),
    ("d", "{\"alcohol\": 12}", "1 set aside."),
  ]

  @Test("says what is wrong with a file that holds nothing to score", arguments: badFiles)
  func badFile(name: String, content: String, expected: String) throws {
    try CommandHome.onService { home, _ in
      let run = try home.run("infer", "wine", "--input", try home.write(content, to: name))
      #expect(run.status == 5)
      #expect(run.errors.contains(expected), "\(run.errors)")
      #expect(run.text.isEmpty)
    }
  }

  @Test("does not touch an output when the input cannot be read")
  func missingInput() throws {
    try CommandHome.onService { home, _ in
      let output = try home.write("precious\n", to: "w.jsonl")
      let run = try home.run("infer", "wine", "--input", home.scratch.path + "/no.csv", "--output", output)
      #expect(run.status == 5 && run.errors.contains("cannot be read"))
      #expect(try home.read("w.jsonl") == "precious\n")
      #expect(try home.run("infer", "wine", "--input", home.scratch.path).status == 5)
    }
  }

  @Test("is never what is read and what is written at once, and no database is written over: nothing is touched")
  func apart() throws {
    try CommandHome.onService { home, _ in
      let wine = try home.write(try String(contentsOfFile: Self.wine, encoding: .utf8), to: "in.jsonl")
      let before = try home.read("in.jsonl")
      let link = home.scratch.path + "/link.jsonl"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: wine)
      let other = home.scratch.path + "/o.jsonl"
      for words in [
        ["infer", "wine", "--input", wine, "--output", wine], ["infer", "wine", "--input", wine, "--output", link],
        ["infer", "wine", "--input", wine, "--output", other, "--rejects", wine],
        ["infer", "wine", "--input", wine, "--output", other, "--rejects", other],
        ["infer", "wine", "--input", wine, "--output", other, "--rejects", home.scratch.path + "/./data/../o.jsonl"],
        ["cases", "import", wine, "--rejects", link],
      ] {
        let run = try home.run(words)
        #expect(run.status == 5 && run.errors.contains("is the same file as"), "\(words)\n\(run)")
        #expect(try home.read("in.jsonl") == before, "\(words)")
      }
      #expect(!home.exists("o.jsonl"))
      #expect(try home.run("cases", "import", home.scratch.path + "/no.jsonl", "--rejects", wine).status == 5)
      #expect(try home.read("in.jsonl") == before)
      #expect(try home.run("infer", "wine", "--input", wine, "--output", other, "--cases").status == 0)
      let ledger = home.scratch.path + "/data/mds/lab.sqlite"
      for words in [
        ["infer", "wine", "--input", wine, "--output", ledger], ["feedback", "export", "--output", ledger],
        ["feedback", "export", "--output", other, "--card", ledger],
      ] {
        let run = try home.run(words)
        #expect(run.status != 0 && run.errors.contains("it") && run.errors.contains("a database"), "\(words)\n\(run)")
      }
      #expect(try home.run("ledger", "verify").status == 0)
      let run = try home.run("feedback", "export", "--output", other, "--codebook", other)
      #expect(run.status != 0 && run.errors.contains("is the same file as"), "\(run)")
      // What cannot be written is found out before anything takes its place.
      let kept = try home.read("o.jsonl")
      for option in ["--codebook", "--card"] {
        let failed = try home.run("feedback", "export", "--output", other, option, home.scratch.path + "/none/book.md")
        #expect(failed.status == 1 && failed.errors.contains("cannot be written"), "\(failed)")
        #expect(try home.read("o.jsonl") == kept && !home.exists("o.jsonl.partial"))
      }
    }
  }

  @Test("that is a link stays one, a pipe is written to, and a mode stays as it was") func linksAndPipes() throws {
    try CommandHome.onService { home, service in
      let real = try home.write("theme = \"dark\"\n[contexts.lab]\nservice = \"\(service.url)\"\n", to: "dotfile.toml")
      chmod(real, 0o640)
      let configuration = home.configuration + "/config.toml"
      try FileManager.default.removeItem(atPath: configuration)
      try FileManager.default.createSymbolicLink(atPath: configuration, withDestinationPath: real)
      #expect(try home.run("config", "use", "lab").status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: configuration) == real)
      #expect(try home.read("dotfile.toml").contains("current-context"))
      var status = stat()
      #expect(stat(real, &status) == 0 && status.st_mode & 0o777 == 0o640)
      let pipe = home.scratch.path + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      // Open for both, so that nobody waits for the other end.
      let end = open(pipe, O_RDWR | O_NONBLOCK)
      defer { close(end) }
      #expect(try home.run("feedback", "export", "--codebook", pipe).status == 0)
      var bytes = [UInt8](repeating: 0, count: 65_536)
      #expect(read(end, &bytes, bytes.count) > 100)
      #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      let one = try home.write("\(WineForm.header)\n\(WineForm.values)\nbad\n", to: "one.csv")
      for option in ["--output", "--rejects"] {
        #expect(try home.run("infer", "wine", "--input", one, option, pipe).status == 5)
        #expect(read(end, &bytes, bytes.count) > 10, "\(option)")
      }
      // A link that leads to nothing yet is a link afterwards.
      let ahead = home.scratch.path + "/ahead"
      try FileManager.default.createSymbolicLink(atPath: ahead, withDestinationPath: "later.jsonl")
      #expect(try home.run("feedback", "export", "--output", ahead).status == 0)
      #expect(home.exists("later.jsonl"))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: ahead) == "later.jsonl")
    }
  }

  @Test("goes on with an output that was cut in the middle of a line, without a row twice or missing")
  func resume() throws {
    try CommandHome.onService { home, _ in
      let output = home.scratch.path + "/w.jsonl"
      let words = ["infer", "wine", "--input", Self.wine, "--output", output, "--no-cases", "--batch", "20"]
      #expect(try home.run(words).status == 0)
      let whole = try CommandRun.objects(of: try home.read("w.jsonl"))
      let bytes = Data(try home.read("w.jsonl").utf8)
      try home.write(bytes.prefix(bytes.count * 2 / 3), to: "w.jsonl")
      #expect(try home.run(words + ["--resume"]).status == 0)
      let again = try CommandRun.objects(of: try home.read("w.jsonl"))
      #expect(again.map { $0["row"] as? Int } == whole.map { $0["row"] as? Int })
      #expect(again.map { $0["case"] as? String } == whole.map { $0["case"] as? String })
      #expect(try home.run(words + ["--resume"]).status == 0)
      let twice = try CommandRun.objects(of: try home.read("w.jsonl"))
      #expect(twice.count == WineForm.count)
    }
  }

  @Test("brings predictions back in without asking the model, and knows them again")
  func roundTrip() throws {
    try CommandHome.onService { home, service in
      for model in ["wine", "cargo", "message-triage", "digits"] {
        let records = "\(Paths.repository)/fixtures/records/\(model).jsonl"
        #expect(
          try home.run("infer", model, "--input", records, "--output", "\(home.scratch.path)/\(model).jsonl").status
            == 0)
        let again = try home.run("cases", "import", "\(home.scratch.path)/\(model).jsonl", "--json").objects()
        #expect(again.first?["new"] as? Int == 0)
        #expect(again.first?["rejected"] as? Int == 0)
      }
      service.stop()
      for model in ["wine", "cargo", "message-triage", "digits"] {
        let here = try home.read("\(model).jsonl")
        let run = try home.run(
          "cases", "import", "\(home.scratch.path)/\(model).jsonl", "--ledger", home.scratch.path + "/new.sqlite")
        #expect(run.status == 0, "\(run)")
        #expect(run.text.hasSuffix("known, 0 set aside\n"))
        let first = try #require(try CommandRun.objects(of: String(here.prefix { $0 != "\n" })).first)
        let id = try #require(first["case"] as? String)
        let shown = try home.run("case", "show", id, "--json", "--ledger", home.scratch.path + "/new.sqlite")
        var there = try #require(try shown.objects().first)
        var made = first
        for key in ["row", "number"] {
          made[key] = nil
          there[key] = nil
        }
        let texts = try [made, there].map { object in
          String(decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
        }
        #expect(texts[0] == texts[1])
      }
    }
  }

  @Test("imports predictions of other makers, by name or as tensors, and sets aside what it cannot use")
  func foreignPredictions() throws {
    try CommandHome.onService { home, _ in
      let record = zip(WineForm.names, WineForm.values.split(separator: ",")).map { "\"\($0)\":\($1)" }.joined(
        separator: ",")
      let tensor = #"{"name":"x","datatype":"FP64","shape":[1,2],"data":[1.5,"NaN"]}"#
      let lines = [
        #"{"model":"wine","version":2,"at":"2026-11-20T10:00:00Z","source_id":"a","inputs":{\#(record)},"label":"class_1","probabilities":{"class_0":0.1,"class_1":0.9}}"#,
        #"{"model":"other","at":"2026-11-20T10:00:00Z","inputs":[\#(tensor)],"value":3.25}"#,
        #"{"model":"other","at":"2026-11-20","source_id":7,"inputs":[\#(tensor)],"probabilities":{"no":0.25,"yes":0.75}}"#,
        #"{"model":"other","inputs":[\#(tensor)],"value":3.25}"#,
        #"{"model":"other","at":"yesterday","inputs":[\#(tensor)],"value":3.25}"#,
        #"{"at":"2026-11-20","inputs":[\#(tensor)],"value":3.25}"#,
        #"{"model":"other","at":"2026-11-20","value":3.25}"#,
        #"{"model":"other","at":"2026-11-20","inputs":[\#(tensor)]}"#,
        #"{"model":"other","at":"2026-11-20","inputs":[\#(tensor)],"label":"maybe","probabilities":{"no":1}}"#,
        #"{"model":"other","at":"2026-11-20","inputs":[\#(tensor)],"probabilities":{"no":1.5}}"#,
        #"{"model":"other","at":"2026-11-20","inputs":[{"name":"x","datatype":"FP64","shape":[2,2],"data":[1,2]}],"value":1}"#,
        #"{"model":"other","at":"2026-11-20","inputs":[{"name":"x","datatype":"INT64","shape":[1],"data":[1.5]}],"value":1}"#,
        "not json", "[]",
      ]
      let file = try home.write(lines.joined(separator: "\n"), to: "p.jsonl")
      let run = try home.run("cases", "import", file, "--rejects", home.scratch.path + "/r.jsonl")
      #expect(run.status == 5)
      #expect(run.text == "3 new cases, 0 known, 11 set aside\n")
      let refused = try CommandRun.objects(of: try home.read("r.jsonl"))
      let reasons = Dictionary(
        uniqueKeysWithValues: refused.map { ($0["row"] as? Int ?? 0, $0["reason"] as? String ?? "") })
      #expect(reasons[4] == "it has no time, at; --at gives one to all")
      #expect(reasons[5]?.contains("yesterday") == true)
      #expect(reasons[6] == "it has no model; --model names one for all")
      #expect(reasons[7] == "it has no inputs: tensors, or values by name")
      #expect(reasons[8] == "it has no answer: label, probabilities, value or outputs")
      #expect(reasons[9] == "the label maybe is not among the probabilities")
      #expect(reasons[10] == "the probability of no is 1.5, not 0 to 1")
      #expect(reasons[11] == "x has 2 elements for the shape [2, 2]")
      #expect(reasons[12]?.hasPrefix("a tensor cannot be read") == true)
      #expect(reasons[13]?.hasPrefix("it is no JSON") == true)
      #expect(reasons[14] == "it is no JSON object")
      let cases = try home.run("cases", "list", "--json").objects()
      #expect(Set(cases.compactMap { $0["label"] as? String }) == ["class_1", "3.25", "yes"])
      let given = try home.run("cases", "import", file, "--model", "m", "--at", "2026-11-21T00:00:00Z", "--json")
        .objects()
      // The fourth is the second's record, the sixth is another model's.
      #expect(given.first?["new"] as? Int == 1)
      let page = try home.write("<html>", to: "page.jsonl")
      #expect(try home.run("cases", "import", page).errors.contains("is HTML or XML, not JSON."))
      let empty = try home.write("\n", to: "empty.jsonl")
      #expect(try home.run("cases", "import", empty).status == 5)
    }
  }
}

/// The form of the wine model, and a record.
enum WineForm {
  static let names = [
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
  ]
  /// Records that are shipped.
  static let count: Int = {
    let text = try? String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }()
  static let values = "12.78,2.62,2.51,22.0,112,1.52,1.35,0.25,1.25,10.91,0.47,1.4,453"
  static var header: String { names.joined(separator: ",") }
}
