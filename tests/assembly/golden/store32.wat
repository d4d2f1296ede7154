 (func $assembly/index/store32 (param $0 f64) (param $1 i32) (result i32)
  (local $2 i64)
  (local $3 i32)
  block $assembly/mmu/Mmu.store<u32>|inlined (result i32)
   i32.const 1048584
   i32.load
   local.get $0
   i64.trunc_sat_f64_s
   local.tee $2
   i32.wrap_i64
   i32.const 8
   i32.shr_u
   i32.const 16368
   i32.and
   i32.add
   local.tee $3
   i64.load offset=16384
   local.get $2
   i64.xor
   i64.const 4092
   i64.gt_u
   if
    local.get $2
    i32.const 4
    local.get $1
    i64.extend_i32_u
    call $assembly/mmu/Mmu.storeSlow
    br $assembly/mmu/Mmu.store<u32>|inlined
   end
   local.get $3
   i32.load offset=16392
   local.get $2
   i32.wrap_i64
   i32.add
   local.get $1
   i32.store
   i32.const 1
  end
  i32.eqz
 )
