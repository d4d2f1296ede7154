 (func $assembly/index/load64 (param $0 f64) (result i64)
  (local $1 i64)
  (local $2 i32)
  i32.const 1048600
  i32.const 0
  i32.store
  block $assembly/mmu/Mmu.load<u64>|inlined (result i64)
   i32.const 1048584
   i32.load
   local.get $0
   i64.trunc_sat_f64_s
   local.tee $1
   i32.wrap_i64
   i32.const 8
   i32.shr_u
   i32.const 16368
   i32.and
   i32.add
   local.tee $2
   i64.load
   local.get $1
   i64.xor
   i64.const 4088
   i64.gt_u
   if
    local.get $1
    i32.const 8
    call $assembly/mmu/Mmu.loadSlow
    br $assembly/mmu/Mmu.load<u64>|inlined
   end
   local.get $2
   i32.load offset=8
   local.get $1
   i32.wrap_i64
   i32.add
   i64.load
  end
 )
