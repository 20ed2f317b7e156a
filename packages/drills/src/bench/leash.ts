// Loaded into each part of a drill before its own program: the channel to the parent breaks when the parent is gone,
// even by kill -9, and then the part must go as well.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// A part that has done its work ends all the same.
process.channel?.unref()
