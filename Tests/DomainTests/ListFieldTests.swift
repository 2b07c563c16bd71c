import Domain
import Testing

@Suite("A field of a list")
struct ListFieldTests {
  private static let unbatched = [JSON.Member("max_batch_size", 0)]

  private func signature(
    _ datatype: Datatype, _ shape: [Int], isBatched: Bool = true, parameters: [JSON.Member] = []
  ) -> Signature {
    Signature(
      inputs: [TensorSpec(name: "x", datatype: datatype, shape: shape, parameters: parameters)], outputs: [],
      parameters: isBatched ? [] : Self.unbatched)
  }

  @Test(
    "is what a row with one open extent has, and no other",
    arguments: [
      ([-1, -1], true, .list(.int64), 1), ([1, -1], true, .list(.int64), 1), ([-1, -1, 4], true, .list(.int64), 4),
      ([-1, 3, -1], true, .list(.int64), 3), ([-1], false, .list(.int64), 1), ([2, -1], false, .list(.int64), 2),
      ([-1, -1], false, .list(.int64), 1), ([-1, -1, -1], true, .open(.int64), 1),
      ([-1, -1, 0], true, .open(.int64), 1),
      ([-1], true, .integer(.int64), 1), ([-1, 1], true, .integer(.int64), 1), ([1], false, .integer(.int64), 1),
      ([], false, .integer(.int64), 1), ([-1, 1], false, .integer(.int64), 1),
    ] as [([Int], Bool, Field.Kind, Int)])
  func kinds(shape: [Int], isBatched: Bool, kind: Field.Kind, lot: Int) {
    let fields = signature(.int64, shape, isBatched: isBatched).fields
    #expect(fields.map(\.kind) == [kind])
    #expect(fields.map(\.place.count) == [lot])
  }

  @Test("counts no records along the first extent of a model that takes no batches")
  func unbatched() throws {
    let vector = signature(.fp32, [4], isBatched: false)
    #expect(vector.fields.map(\.name) == ["x[0]", "x[1]", "x[2]", "x[3]"])
    #expect(try vector.record(of: (1...4).map { .number(Double($0)) }).tensors[0].shape == [4])
    #expect(signature(.uint8, [8, 8], isBatched: false).fields[0].kind == .image(rows: 8, columns: 8, .uint8))
    // A model that counts its rows itself: a record is one of them.
    #expect(signature(.fp32, [-1, 4], isBatched: false).fields.count == 4)
  }

  @Test("is not made of every element of a tensor that declares more than a form can hold")
  func large() {
    #expect(signature(.fp32, [-1, 4096]).fields.count == 4096)
    for width in [4097, 1_000_000_000, Int.max] {
      #expect(signature(.fp32, [-1, width]).fields.map(\.kind) == [.open(.fp32)])
    }
    let names = JSON.array((0..<5000).map { .text("column \($0)") })
    #expect(signature(.fp32, [-1, 5000], parameters: [.init("feature_names", names)]).fields.count == 5000)
  }

  @Test("fills the extent that is open")
  func shapes() throws {
    for (shape, isBatched, wanted) in [
      ([-1, -1], true, [1, 12]), ([-1, -1, 4], true, [1, 3, 4]), ([-1, 3, -1], true, [1, 3, 4]), ([-1], false, [12]),
      ([2, -1], false, [2, 6]), ([-1, -1], false, [1, 12]),
    ] {
      let signature = signature(.int32, shape, isBatched: isBatched)
      let list = FieldValue.list(.signed(Array(1...12)))
      let record = try signature.record(of: [list])
      #expect(record.tensors[0].shape == wanted)
      #expect(signature.values(in: record) == [list])
    }
    #expect(throws: Problem.self) {
      try signature(.int32, [-1, -1, 5]).record(of: [.list(.signed(Array(1...12)))])
    }
    #expect(throws: Problem.self) { try signature(.int32, [-1, -1, -1]).record(of: [.list(.signed([1]))]) }
  }

  @Test(
    "is typed with blanks, commas or as JSON",
    arguments: ["1 2 3", "[1, 2, 3]", "1,2,3", " 1\t2\r\n3 ", #"["1", "2", 3]"#, "1, 2, 3,"])
  func typed(text: RawText) {
    #expect(signature(.int64, [-1, -1]).fields[0].value(of: text) == .success(.list(.signed([1, 2, 3]))))
    #expect(signature(.fp32, [-1, -1]).fields[0].value(of: text) == .success(.list(.single([1, 2, 3]))))
  }

  @Test("keeps whole numbers exact to the ends of their types")
  func exact() {
    let signed = signature(.int64, [-1, -1]).fields[0].value(of: "9007199254740993 -9223372036854775808")
    #expect(signed == .success(.list(.signed([9_007_199_254_740_993, .min]))))
    let unsigned = signature(.uint64, [-1, -1]).fields[0].value(of: "18446744073709551615 9007199254740993")
    #expect(unsigned == .success(.list(.unsigned([.max, 9_007_199_254_740_993]))))
  }

  @Test(
    "refuses what does not fit, by its element",
    arguments: [
      (.int8, "1 300", "300 does not fit INT8"), (.int8, "1 2.5", "2.5 is not a whole number"),
      (.fp32, "1 x", "x is not a number"), (.fp64, "9007199254740993", "9007199254740993 does not fit FP64"),
      (.bool, "1 maybe", "maybe is neither true nor false"), (.int64, "", "needs a value"),
      (.int64, "[]", "needs a value"), (.int64, "[[1, 2], [3]]", "takes one list, not several"),
      (.int64, "1 2; 3", "takes one list, not several"), (.bytes, #"[["a"], ["b"]]"#, "takes one list, not several"),
    ] as [(Datatype, RawText, String)])
  func refusals(datatype: Datatype, text: RawText, words: String) {
    guard case .failure(let problem) = signature(datatype, [-1, -1]).fields[0].value(of: text) else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(problem.text == words)
    #expect(!problem.canBeSentAnyway)
  }

  @Test("takes lists in a list where its elements come in lots, and as many as the lots hold")
  func lots() {
    let field = signature(.fp64, [-1, -1, 2]).fields[0]
    #expect(field.value(of: "[[1, 2], [3, 4]]") == .success(.list(.double([1, 2, 3, 4]))))
    #expect(field.value(of: "1 2 3") == .failure(.noMultiple(3, of: 2)))
    let open = signature(.fp64, [-1, -1, -1]).fields[0].value(of: "1 2")
    #expect(open == .failure(.noForm))
  }

  @Test("doubts the first element that lies outside the range")
  func doubts() {
    let field = signature(.int64, [-1, -1], parameters: [.init("value_range", [0, 9])]).fields[0]
    #expect(field.doubt(about: .list(.signed([1, 9, 10, 11]))) == .outsideRange("10", 0...9))
    #expect(field.doubt(about: .list(.signed([0, 9]))) == nil)
  }

  @Test("is missing where it is optional and nothing is given")
  func optional() throws {
    let signature = signature(.int64, [-1, -1], parameters: [.init("optional", true)])
    #expect(signature.fields[0].value(of: " ") == .success(.missing))
    #expect(try signature.record(of: [.missing]).tensors.isEmpty)
  }

  @Test(
    "of texts is a JSON array, or the text itself where it is one",
    arguments: [
      (["plain, with 1 [2]"], "plain, with 1 [2]"), (["a", "b c"], #"["a","b c"]"#), (["[INST] hi"], "[INST] hi"),
      ([#"["a"]"#], #"["[\"a\"]"]"#), ([""], #"[""]"#), ([" "], #"[" "]"#), (["é", "\"\n"], #"["é","\"\n"]"#),
    ] as [([RawText], RawText)])
  func texts(texts: [RawText], typed: RawText) {
    let value = FieldValue.list(.bytes(texts))
    #expect(value.text == typed)
    #expect(signature(.bytes, [-1, -1]).fields[0].value(of: value.text) == .success(value))
  }

  @Test("reads back as it is typed, whatever its elements", arguments: 1...40)
  func roundTrip(seed: Int) {
    var state = UInt64(seed)
    func bits() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
    let count = 1 + seed % 9
    let doubles = (0..<count).map { _ in Double(bitPattern: bits()) }.map { $0.isNaN ? -.infinity : $0 }
    let singles = (0..<count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: bits())) }
      .map { $0.isNaN ? .infinity : $0 }
    let lists: [(Datatype, Tensor.Elements)] = [
      (.int64, .signed((0..<count).map { _ in Int64(bitPattern: bits()) })),
      (.uint64, .unsigned((0..<count).map { _ in bits() })),
      (.bool, .bool((0..<count).map { _ in bits() & 2 == 2 })), (.fp32, .single(singles)),
      (.fp64, .double(doubles.map { $0.magnitude > 1e15 && $0.isFinite ? 0.1 : $0 })),
    ]
    for (datatype, elements) in lists {
      let value = FieldValue.list(elements)
      #expect(signature(datatype, [-1, -1]).fields[0].value(of: value.text) == .success(value), "\(value.text)")
    }
  }

  @Test(
    "is written in JSON as any list is",
    arguments: [
      ("[1, 2, 9007199254740993]", "1 2 9007199254740993"), ("[[1, 2], [3, 4]]", "1 2; 3 4"), ("[[1, 2]]", "1 2"),
      (#"["a", "b"]"#, #"["a","b"]"#), (#"["a"]"#, "a"), ("[true, false]", "true false"),
      (#"[1, "NaN"]"#, #"[1,"NaN"]"#),
      (#"[["hello"]]"#, "hello"), ("[]", ""), ("7", "7"), (#"[""]"#, #"[""]"#),
    ] as [(String, RawText)])
  func json(text: String, typed: RawText) throws {
    #expect(try JSON(parsing: text).typed == typed)
  }
}
