// A record needs another one if its own start value cannot be made without: a field holds one, or a
// start value makes one. Needs are followed depth first; what is met again on the way is a record
// that contains itself.
#include "check/records.h"

#include "check/body.h"
#include "syntax/parser.h"

namespace lexum {
namespace {

class RecordOrder {
 public:
  explicit RecordOrder(Context& context)
      : context_(context), marks_(context.program.records.size()) {}

  void visit_all() {
    for (size_t i = 0; i < marks_.size(); ++i) visit(static_cast<uint32_t>(i));
  }

 private:
  enum class Mark : uint8_t { kNew, kOpen, kDone };

  void visit(uint32_t record) {
    if (marks_[record] != Mark::kNew) return;
    marks_[record] = Mark::kOpen;
    ++depth_;
    const RecordDecl& decl = context_.tree.records[record];
    const std::vector<Field>& fields = context_.program.records[record].fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      const Type& type = context_.types[fields[i].type];
      if (type.kind == TypeKind::kRecord && !type.optional)
        need(record, type.shape, decl.fields[i].name.span);
      if (decl.fields[i].initial) visit_made(record, decl.fields[i].initial);
    }
    --depth_;
    marks_[record] = Mark::kDone;
    context_.program.record_order.push_back(record);
  }

  void need(uint32_t record, uint32_t needed, Span span) {
    const std::string& name = context_.program.records[record].name;
    if (marks_[needed] == Mark::kOpen) {
      context_.report(Code::kRecordCycle, span,
                      "`" + name + "` contains itself here, and so without end",
                      "make the field optional (`" + context_.program.records[needed].name +
                          "?`), or a list or a map");
    } else if (marks_[needed] == Mark::kNew && depth_ >= kNestingMax) {
      context_.report(
          Code::kNestedTooDeep, span,
          "records contain each other more than " + std::to_string(kNestingMax) + " deep here",
          "keep some of them in lists");
    } else {
      visit(needed);
    }
  }

  // The records that a start value makes.
  void visit_made(uint32_t record, ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.kind == ExprKind::kCall) {
      if (const RecordId made = context_.records.get(expr.name))
        need(record, made.value, expr.span);
      if (context_.functions.get(expr.name)) {
        context_.report(Code::kNotConstant, expr.span,
                        "the start value of a record's field calls no fn",
                        "give the value where the record is made");
      }
    }
    for (const ExprId item : context_.tree.items(expr)) visit_made(record, item);
    for (const Arg& arg : context_.tree.args_of(expr.args)) visit_made(record, arg.value);
    for (const Link& link : context_.tree.links_of(expr)) {
      if (link.index) visit_made(record, link.index);
      for (const Arg& arg : context_.tree.args_of(link.args)) visit_made(record, arg.value);
    }
  }

  Context& context_;
  std::vector<Mark> marks_;
  int depth_ = 0;
};

}  // namespace

void define_records(Context& context) {
  RecordOrder(context).visit_all();
  for (size_t i = 0; i < context.program.records.size(); ++i) {
    const RecordDecl& decl = context.tree.records[i];
    for (size_t f = 0; f < decl.fields.size(); ++f) {
      if (!decl.fields[f].initial) continue;
      Body body(context, Purpose::kConstant);
      Field& field = context.program.records[i].fields[f];
      field.initial_term =
          body.constant(decl.fields[f].initial, field.type, context.quoted(decl.fields[f].name));
    }
  }
}

}  // namespace lexum
