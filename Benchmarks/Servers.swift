import Domain
import Foundation
import OpenInference

/// Our client beside wrk and perf_analyzer on the same MLServer and the same Triton, turn about: one record and a
/// thousand rows, as JSON and as binary data, so many requests in flight; and files. `Tests/Peers/bench` starts the
/// servers. They have one processor and the clients the others, where there are several: in the field they are machines
/// of their own, and else it would be measured how much of the server's processor each client takes.
enum Servers {
  private static let rounds = 2
  private static let seconds = Double(ProcessInfo.processInfo.environment["BENCH_SECONDS"] ?? "") ?? 3
  private static let folder = Programs.repository + "/Tests/Peers/bench"

  /// What `peers.sh` prints when both are ready.
  private struct Peers: Decodable {
    struct Server: Decodable { var url: String }
    var mlserver: Server
    var triton: Server
  }

  static func rows() async throws -> [Entry] {
    try Programs.run(["/bin/sh", folder + "/tools.sh"])
    try Processor.useFirst()
    return try await Programs.withProcess("/bin/sh", [folder + "/peers.sh"]) { line in
      try Processor.useOthers()
      defer { try? Processor.useAll() }
      let peers = try JSONDecoder().decode(Peers.self, from: line)
      let others = try OtherClients(servers: String(decoding: line, as: UTF8.self))
      var entries = try await files(peers.mlserver.url, others)
      for rows in [1, 1000] {
        let wine = try await Subject(
          ModelID("wine", version: "2"), on: peers.mlserver.url, record: Inference.wine, rows: rows, form: .json)
        entries += try await wine.measured("MLServer, \(wine.title)") { try await againstMLServer(wine, $0, others) }
        for form in [WireForm.json, .binary] {
          let iris = try await Subject(
            ModelID("iris_scale"), on: peers.triton.url, record: flower, rows: rows, form: form)
          entries += try await iris.measured("Triton, \(iris.title)") { try await againstTriton(iris, $0, others) }
        }
      }
      return entries
    }
  }

  private static let flower = Record(tensors: [
    Tensor(name: "raw_mm", datatype: .fp32, shape: [1, 4], elements: .single([51, 35, 14, 2]))
  ])

  // MARK: The comparisons

  /// Against wrk, which sends the same bytes and reads no answer.
  private static func againstMLServer(
    _ subject: Subject, _ inFlight: Int, _ others: OtherClients
  ) async throws -> [Entry] {
    let (ours, theirs) = try await withWrk(subject, inFlight)
    let what = "\(inFlight) in flight, against wrk"
    if inFlight == 1 {
      return [
        Entry(
          what + " (p50)", "\(ours.p50.short) ms / \(theirs.p50.short) ms", ratio: ours.p50 / theirs.p50,
          atMost: 1.1),
        Entry(
          "\(inFlight) in flight, against requests", ours.perSecond,
          of: others.perSecond("requests", "mlserver", subject.rows)),
      ]
    }
    return [Entry(what, ours.perSecond, of: theirs.perSecond, atLeast: 0.95)]
  }

  private static func againstTriton(
    _ subject: Subject, _ inFlight: Int, _ others: OtherClients
  ) async throws -> [Entry] {
    let (ours, wrk) = try await withWrk(subject, inFlight)
    let analyzer = try perfAnalyzer(subject, inFlight)
    let what = "\(inFlight) in flight, against "
    let sequential = Entry(
      what + "wrk (p50)", milliseconds: ours.p50 - wrk.p50, atMost: 0.3,
      note: "\(ours.p50.short) / \(wrk.p50.short)")
    var entries = [
      inFlight == 1 ? sequential : Entry(what + "wrk", ours.perSecond, of: wrk.perSecond),
      Entry(what + "perf_analyzer", ours.perSecond, of: analyzer.perSecond, atLeast: inFlight == 1 ? nil : 0.8),
    ]
    if inFlight == 1 {
      let client = "tritonclient \(subject.form == .binary ? "binary" : "JSON")"
      entries.append(
        Entry(what + "tritonclient", ours.perSecond, of: others.perSecond(client, "triton", subject.rows)))
    }
    return entries
  }

  /// Ours and wrk, turn about; the better round of each, as other work of the machine only slows.
  private static func withWrk(_ subject: Subject, _ inFlight: Int) async throws -> (ours: Speed, wrk: Speed) {
    var (ours, theirs): ([Speed], [Speed]) = ([], [])
    for _ in 0..<rounds {
      ours.append(try await subject.ask(inFlight: inFlight, seconds: seconds))
      theirs.append(try wrk(subject, inFlight))
    }
    return (Speed.best(of: ours), Speed.best(of: theirs))
  }

  // MARK: Files

  private static let fileRows = 300_000

  /// Scores a file with the program, and sends its first rows again and again with wrk: the same rows in a request, and
  /// the same number of them in flight.
  private static func files(_ url: String, _ others: OtherClients) async throws -> [Entry] {
    var entries: [Entry] = []
    for rows in [256, 1024] {
      let subject = try await Subject(
        ModelID("wine", version: "2"), on: url, record: Inference.wine, rows: rows, form: .json)
      let file = subject.folder + "/wine.csv"
      let line = (0..<13).map { Inference.wine.tensors[0].text(at: $0).string }.joined(separator: ",") + "\n"
      let header = subject.fieldNames.joined(separator: ",") + "\n"
      try (header + String(repeating: line, count: fileRows)).write(toFile: file, atomically: false, encoding: .utf8)
      let (inFlight, output) = (4, subject.folder + "/answers.jsonl")
      var (ours, theirs) = (0.0, 0.0)
      for _ in 0..<rounds {
        try? FileManager.default.removeItem(atPath: output)
        let start = ContinuousClock.now
        try Programs.run(
          [
            Programs.mds, "infer", "wine@2", "--input", file, "--output", output, "--batch", "\(rows)", "--parallel",
            "\(inFlight)", "--service", url,
          ], environment: ["HOME": subject.folder])
        ours = max(ours, Double(fileRows) / ((ContinuousClock.now - start) / .seconds(1)))
        theirs = max(theirs, try wrk(subject, inFlight).perSecond * Double(rows))
      }
      entries.append(
        Entry(
          "MLServer, a file of \(fileRows / 1000),000 rows by \(rows), rows against wrk", ours, of: theirs,
          atLeast: 0.95))
      if rows == 256 {
        let small = subject.folder + "/small.csv"
        try (header + String(repeating: line, count: 1000)).write(toFile: small, atomically: false, encoding: .utf8)
        let start = ContinuousClock.now
        try Programs.run(
          [Programs.mds, "infer", "wine@2", "--input", small, "--output", output + ".small", "--service", url],
          environment: ["HOME": subject.folder])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        entries.append(
          Entry(
            "MLServer, a file of 1,000 rows, the whole program against mlserver infer",
            "\(seconds.short) s / \(others.mlserverInfer.short) s, \((seconds / others.mlserverInfer).short)x"))
      }
      subject.remove()
    }
    return entries
  }

  // MARK: Other people's clients

  private static func wrk(_ subject: Subject, _ inFlight: Int) throws -> Speed {
    let installed = Programs.repository + "/.peers"
    let printed = try Programs.run(
      [
        installed + "/wrk/usr/bin/wrk", "-t1", "-c\(inFlight)", "-d\(Int(seconds.rounded(.up)))s", "-s",
        folder + "/post.lua", subject.url, "--", subject.bodyPath, subject.headerLength.map(String.init) ?? "",
      ],
      environment: ["LD_LIBRARY_PATH": installed + "/libluajit-5.1-2/usr/lib/x86_64-linux-gnu"])
    struct Report: Decodable {
      var per_second, p50_ms: Double
      var refused: Int
    }
    let report = try JSONDecoder().decode(Report.self, from: Data((printed.split(separator: "\n").last ?? "").utf8))
    guard report.refused == 0 else { throw Programs.Failure(description: "wrk was refused \(report.refused) times") }
    return Speed(perSecond: report.per_second, p50: report.p50_ms)
  }

  private static func perfAnalyzer(_ subject: Subject, _ inFlight: Int) throws -> Speed {
    let tool = Programs.repository + "/.peers/perf_analyzer"
    let report = subject.folder + "/report.csv"
    let data = subject.folder + "/data.json"
    let content = #"{"data":[{"raw_mm":{"content":[51.0,35.0,14.0,2.0],"shape":[4]}}]}"#
    try content.write(toFile: data, atomically: false, encoding: .utf8)
    let form = subject.form == .binary ? "binary" : "json"
    try Programs.run(
      [
        tool + "/perf_analyzer", "-m", subject.model.name.string, "-u", subject.address, "-i", "http", "--input-data",
        data, "--input-tensor-format", form, "--output-tensor-format", form, "-b", "\(subject.rows)",
        "--concurrency-range", "\(inFlight)", "-p", "\(Int(seconds * 1000))", "-s", "60", "-r", "4", "-f", report,
      ],
      environment: ["LD_LIBRARY_PATH": tool])
    let lines = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard lines.count > 1 else { throw Programs.Failure(description: "perf_analyzer reported nothing") }
    let found = Dictionary(zip(lines[0], lines[1])) { first, _ in first }
    func number(_ name: Substring) -> Double { found[name].flatMap { Double($0) } ?? .nan }
    // It counts rows.
    return Speed(
      perSecond: number("Inferences/Second") / Double(subject.rows), p50: number("p50 latency") / 1000)
  }
}
