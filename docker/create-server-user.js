// Run once by the MongoDB image, when the data volume is new: the server's user, with rights on its own database only.
db.getSiblingDB('guidebar').createUser({
  user: 'guidebar',
  pwd: process.env.MONGO_PASSWORD,
  roles: [{ role: 'readWrite', db: 'guidebar' }],
})
