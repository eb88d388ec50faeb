function older(users, age) {
  // ruleid: javascript.audit.mongodb-where-string
  return users.find({ $where: `this.age > ${age}` }).toArray();
}

function byName(req, res) {
  // ruleid: javascript.audit.mongodb-where-string
  User.find({ $where: "this.name == '" + req.query.name + "'" }, (err, docs) => res.json(docs));
}

function chained(Model, req) {
  // ruleid: javascript.audit.mongodb-where-string
  return Model.$where(req.body.filter).exec();
}

function good(users, age) {
  // ok: javascript.audit.mongodb-where-string
  return users.find({ age: { $gt: Number(age) } }).toArray();
}

function constant(users) {
  // ok: javascript.audit.mongodb-where-string
  return users.find({ $where: 'this.credits == this.debits' }).toArray();
}
